#pragma once

#include "server/features/contacts/contact_service.h"
#include "shared/base/json_fwd.h"

/// Contacts as the REST API tells them.
namespace server::contacts {

/// One contact; `isOnline` while a widget of theirs is connected.
base::Json contactJson(const ContactRow &row, bool isOnline);
/// The contact as author of messages and conversations.
base::Json senderJson(const ContactRow &row, bool isOnline);
/// What a create or update request sets. Fails with Invalid and the field's name.
base::Result<ContactFields> contactFieldsFromJson(const base::Json &body);

} // namespace server::contacts
