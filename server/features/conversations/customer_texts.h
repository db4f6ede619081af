#pragma once

#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/customer_text_table.h"

#include <string_view>

/// What the server says to customers by itself, in their languages (resources/customer_texts.json).
namespace server::conversations {

/// In the language of a tag such as "de-AT"; English where there is none.
std::string_view customerText(CustomerText text, std::string_view language);
/// The language of a tag for which there are texts, else "en".
std::string_view catalogLanguage(std::string_view language);
bool isRightToLeft(std::string_view language);

/// Which language the customer of a conversation reads: what their browser asked for, else the account's.
std::string_view languageOf(storage::Transaction &tx, const ConversationRow &row);

} // namespace server::conversations
