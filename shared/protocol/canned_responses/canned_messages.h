#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/canned_responses/canned_response.h"

#include <string_view>

/// The mutations of canned responses (docs/protocol.md, "Mutations"). Lane "ac".
namespace protocol {

/// Makes or replaces one, whole. A new one's id is made by the client.
struct SaveCannedResponse {
    static constexpr std::string_view name = "canned.save";

    domain::CannedResponse response; ///< its number is not sent
};

struct DeleteCannedResponse {
    static constexpr std::string_view name = "canned.delete";

    domain::CannedResponseId id;
};

base::Json toJson(const SaveCannedResponse &m);
base::Json toJson(const DeleteCannedResponse &m);
/// Fail with Invalid and the field's name.
base::Result<SaveCannedResponse> saveCannedFromJson(const base::Json &args);
base::Result<DeleteCannedResponse> deleteCannedFromJson(const base::Json &args);

} // namespace protocol
