#pragma once

#include "server/ports/text_patterns.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace server::inboxes {

/// What visitors are asked before they write, as an administrator put it together:
/// `{"pre_chat_message","pre_chat_fields":[{"name","field_type","type","label","placeholder","required",
/// "enabled","values","regex_pattern","regex_cue"}]}`. A plain value.
class PreChatForm {
public:
    enum class Target { Name, Email, Phone, Contact, Conversation };
    struct Field {
        std::string name;
        Target target = Target::Contact;
        std::string type; ///< text, email, phone, number, link, date, list, checkbox
        std::string label;
        std::string placeholder;
        bool required = false;
        std::vector<std::string> values; ///< for list
        std::string pattern;             ///< a JavaScript regular expression
        std::string cue;                 ///< what to say when it does not match
    };
    /// What is wrong with answers: field name → "required" or "invalid".
    using Faults = std::map<std::string, std::string>;

    /// Fails with Invalid ("pre_chat_form_options").
    static base::Result<PreChatForm> fromText(const std::string &text);

    /// The enabled fields, in order.
    [[nodiscard]] const std::vector<Field> &fields() const { return m_fields; }
    /// As visitors see it.
    [[nodiscard]] base::Json toJson() const;
    /// `known` names fields that need no answer. Answers to what was not asked are ignored. A pattern that
    /// `patterns` cannot use holds nobody up here: frames alone check it.
    [[nodiscard]] Faults check(const base::Json &answers, const std::vector<std::string> &known,
                               const ports::TextPatterns &patterns) const;

private:
    std::string m_message;
    std::vector<Field> m_fields;
};

/// An address as far as it can be told without sending to it.
bool isEmailAddress(std::string_view text);
/// "+4930123456"
bool isPhoneNumber(std::string_view text);

} // namespace server::inboxes
