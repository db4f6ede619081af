#pragma once

#include <string>
#include <string_view>

namespace server::attachments {

/// A name that is safe to show, to store and to put in a header: no directories, control characters,
/// direction overrides or reserved characters, at most 160 code points with its ending kept; "file" when
/// nothing is left.
std::string safeFileName(std::string_view name);
/// Percent-decoded; broken escapes stay as they are.
std::string percentDecoded(std::string_view text);
/// A Content-Disposition value (RFC 6266): the name in ASCII for old readers and in UTF-8.
std::string contentDisposition(bool inlineView, std::string_view name);
/// The type of a file whose bytes say `sniffed`: a container of sound alone says so in its name only (.weba,
/// .m4a).
std::string typeByName(std::string sniffed, std::string_view name);
/// Whether a browser may show this type inside a page: pictures that hold no script, sound, film, PDF.
bool isShownInline(std::string_view mime);
/// Programs, which a support desk neither needs nor passes on.
bool isRefusedType(std::string_view mime);

} // namespace server::attachments
