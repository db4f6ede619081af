#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Mail as the rest of the program sees it. All text is UTF-8 and bounded.
namespace server::channels::email {

struct Address {
    std::string name;
    std::string address;
    std::string group; ///< the name of the group that it stands in (RFC 5322, 3.4); mostly empty

    bool operator==(const Address &) const = default;
};

struct Attachment {
    std::string name; ///< what the sender called it, without folders and control characters; empty: nothing
    std::string type; ///< lower case, "image/png"
    std::string contentId; ///< without brackets (RFC 2392); the HTML may show it by "cid:"
    bool isInline = false; ///< the HTML shows it
    std::string bytes;
    std::string sha256; ///< hexadecimal
};

/// What a mail is, beside what it says, and how we know.
struct Verdict {
    bool yes = false;
    std::string reason; ///< empty when not
};

/// One recipient of a delivery status notification (RFC 3464, 2.3).
struct DeliveryStatus {
    std::string recipient;
    std::string action; ///< failed, delayed, delivered, relayed, expanded
    std::string status; ///< enhanced code (RFC 3463), "5.1.1"
    std::string diagnostic;
};

/// A mail that tells of another mail's delivery.
struct Bounce : Verdict {
    std::vector<DeliveryStatus> recipients;
    std::string originalMessageId; ///< with brackets; empty when the report does not say
};

struct Mail {
    std::string subject;
    std::string messageId; ///< with brackets, as all ids here
    std::vector<std::string> inReplyTo;
    std::vector<std::string> references; ///< oldest first
    std::vector<Address> from, replyTo, to, cc;
    std::string date;                ///< RFC 3339, or empty
    std::string text;                ///< the whole text; made from the HTML when the mail has no other
    std::optional<std::string> html; ///< cleaned; remote images are blocked
    int remoteImages = 0;
    std::string reply; ///< the text without what is quoted and without the signature
    std::vector<Attachment> attachments;
    Bounce bounce;
    Verdict autoReply;
    Verdict bulk; ///< a mailing list or a newsletter
    Verdict loop;
    std::vector<std::string> defects; ///< what was wrong with the mail or left out of it
};

/// Bounds on what one mail may cost.
struct Limits {
    std::size_t bytes = 64u << 20;
    std::size_t headerBytes = 1u << 20;
    std::size_t headerValue = 256u << 10; ///< one header field
    int headers = 2'000;
    int parts = 1'000;
    int depth = 50;
    std::size_t addresses = 10'000; ///< in one field
    std::size_t ids = 1'000;        ///< in References
    std::size_t textBytes = 1u << 20;
    std::size_t htmlBytes = 1u << 20;
};

} // namespace server::channels::email
