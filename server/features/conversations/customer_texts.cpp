#include "server/features/conversations/customer_texts.h"

#include "server/features/accounts/user_store.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <string>

namespace server::conversations {

namespace {

const CustomerTexts *catalogOf(std::string_view tag)
{
    const auto language = base::lowered(tag.substr(0, tag.find_first_of("-_")));
    const auto found = std::find_if(customerTextTable.begin(), customerTextTable.end(),
                                    [&](const auto &texts) { return texts.language == language; });
    return found == customerTextTable.end() ? nullptr : &*found;
}

} // namespace

std::string_view customerText(CustomerText text, std::string_view language)
{
    const auto *catalog = catalogOf(language);
    return (catalog ? catalog : catalogOf("en"))->texts[static_cast<std::size_t>(text)];
}

std::string_view catalogLanguage(std::string_view language)
{
    const auto *catalog = catalogOf(language);
    return catalog ? catalog->language : "en";
}

bool isRightToLeft(std::string_view language)
{
    const auto plain = catalogLanguage(language);
    return plain == "ar" || plain == "fa" || plain == "he";
}

std::string_view languageOf(storage::Transaction &tx, const ConversationRow &row)
{
    const auto attributes = base::parseJson(row.additionalAttributes);
    const auto asked =
        attributes ? base::textField(base::member(*attributes, "browser"), "browser_language").value_or("")
                   : std::string{};
    if (catalogOf(asked))
        return catalogLanguage(asked);
    const auto account = accounts::UserStore{tx}.account(row.account);
    return catalogLanguage(account ? account->account.locale : "en");
}

} // namespace server::conversations
