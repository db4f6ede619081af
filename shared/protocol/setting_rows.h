#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/canned_responses/canned_response.h"
#include "shared/domain/labels/label.h"
#include "shared/domain/macros/macro.h"
#include "shared/domain/teams/team.h"

/// Rows of what an account sets up for its agents, in the scope `a`. As in rows.h: reading is total, absent
/// means the default.
namespace protocol {

base::Json toRow(const domain::Label &label);
base::Result<domain::Label> labelFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::Team &team);
base::Result<domain::Team> teamFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::CannedResponse &response);
base::Result<domain::CannedResponse> cannedResponseFromRow(const base::Uuid &id, const base::Json &row);

/// In `a` when it is shared, else in its author's `u:`.
base::Json toRow(const domain::Macro &macro);
base::Result<domain::Macro> macroFromRow(const base::Uuid &id, const base::Json &row);

} // namespace protocol
