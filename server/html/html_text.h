#pragma once

#include "server/html/html_tree.h"

namespace server::html {

/// What a page says, as plain text: one line a block, list marks, "> " before what is quoted, links after
/// their words where they say something else.
std::string plainText(const Node &body);

} // namespace server::html
