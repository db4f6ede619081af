#pragma once

#include "server/features/contacts/contact_store.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace server::contacts {

/// "Quiet Otter": a friendly name for somebody unknown, the same for the same id.
std::string friendlyName(const base::Uuid &id);

/// Fields to set; what is absent stays, an empty text clears.
struct ContactFields {
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<std::string> phone; ///< E.164: "+4930123456"
    std::optional<std::string> identifier;
    std::optional<std::string> avatarUrl;
    std::optional<std::string> city;
    std::optional<std::string> country;
    std::optional<std::string> company;
    std::optional<std::string> lastPage;
    std::optional<bool> blocked;
    std::optional<std::string> additionalAttributes; ///< JSON object, replaces
    std::optional<std::string> customAttributes;     ///< JSON object, replaces
};

/// Somebody behind a chat widget, as the visitor's token names them.
struct Visitor {
    base::Uuid id;       ///< becomes the contact's uuid
    std::string page;    ///< address of the page; query and fragment are dropped
    std::string browser; ///< additional attributes, JSON object text; or empty
};

/// A contact with its place in an inbox.
struct KnownContact {
    ContactRow row;
    ContactInboxRow place;
};

/// Contacts, whoever changes them. All methods run inside executor jobs and record what they change.
class ContactService {
public:
    /// Fails with Invalid and the field's name, or AlreadyExists ("email", "phone_number", "identifier").
    base::Result<ContactRow> create(sync::WriteContext &ctx, const ContactFields &fields);
    /// Fails with NotFound, Invalid, AlreadyExists. Nothing is recorded when nothing changes.
    base::Result<ContactRow> change(sync::WriteContext &ctx, std::int64_t contact,
                                    const ContactFields &fields);
    /// Exactly these labels, see domain::relabelled(). Fails with NotFound, Invalid ("labels").
    base::Result<ContactRow> setLabels(sync::WriteContext &ctx, std::int64_t contact,
                                       const std::vector<std::string> &titles);
    /// For labels that get another title, or go: at most 500 contacts per call; whether any are left.
    bool relabelAll(sync::WriteContext &ctx, const std::string &from, const std::optional<std::string> &to);
    /// Ties a contact to an inbox under a source id (made when empty). Fails with NotFound or AlreadyExists.
    base::Result<ContactInboxRow> addToInbox(sync::WriteContext &ctx, std::int64_t contact,
                                             std::int64_t inbox, const std::string &sourceId);
    /// The contact of a visitor in an inbox, made on the first call.
    base::Result<KnownContact> visitor(sync::WriteContext &ctx, std::int64_t inbox, const Visitor &visitor);
    /// Notes that the contact was active now, to the minute: a chat does not resend the contact with each
    /// message.
    void touch(sync::WriteContext &ctx, const ContactRow &contact);
};

} // namespace server::contacts
