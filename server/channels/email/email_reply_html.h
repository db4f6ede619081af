#pragma once

#include "server/html/html_tree.h"

namespace server::channels::email {

/// Takes what is quoted out of a page, by the marks of the programs that write mail (Gmail, Outlook, Apple,
/// Yahoo, Thunderbird, Proton) and by the words of email_quote_lines.h. Leaves the page as it is when nothing
/// would stay, or when answers stand between what is quoted.
void foldQuotes(html::Node &body);

} // namespace server::channels::email
