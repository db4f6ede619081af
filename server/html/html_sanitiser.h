#pragma once

#include "server/html/html_tree.h"

#include <functional>

namespace server::html {

struct Cleaned {
    std::string html;
    int remoteImages = 0; ///< images of other servers, which were not let through
};

/// Whether an image that is part of the mail (RFC 2392) may be shown, by its content id.
using KnowsContentId = std::function<bool(std::string_view id)>;

/// HTML that holds nothing but what the allow lists name: no scripts, no forms, no frames, no style sheets,
/// and nothing that makes a program ask another server. A remote image keeps its address in
/// `data-remote-src`, so that a person can ask for it; an image of the mail keeps `src="cid:…"`. Written from
/// the tree, never from the input.
Cleaned sanitised(const Node &body, const KnowsContentId &knowsContentId);

/// Text as HTML.
std::string escaped(std::string_view text);

} // namespace server::html
