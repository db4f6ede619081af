#include "server/channels/email/email_reply.h"

#include "server/channels/email/email_quote_lines.h"
#include "shared/base/text.h"

#include <algorithm>
#include <vector>

namespace server::channels::email {

namespace {

using Lines = std::vector<std::string_view>;

Lines linesOf(std::string_view text)
{
    Lines lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string joined(const Lines &lines, std::size_t from, std::size_t to)
{
    std::string result;
    for (auto i = from; i < to; ++i) {
        result += lines[i];
        result += '\n';
    }
    return std::string{base::trimmed(result)};
}

bool isBlank(std::string_view line)
{
    return base::trimmed(line).empty();
}

/// ">>> http://… <<<" is a decoration, not a quotation.
bool isQuoted(std::string_view line)
{
    const auto text = base::trimmed(line);
    return text.starts_with('>') && !text.ends_with('<');
}

/// A run of quoted lines with its attribution: [from, to).
struct Run {
    std::size_t from = 0, to = 0;
};

/// The quoted run that begins at `at` (its attribution or its first line), over blank lines inside it.
std::size_t endOfRun(const Lines &lines, std::size_t at)
{
    auto end = at;
    for (auto i = at; i < lines.size() && (isQuoted(lines[i]) || isBlank(lines[i])); ++i)
        if (isQuoted(lines[i]))
            end = i + 1;
    return end;
}

/// Where the mail that is quoted in the manner of Outlook begins, that is up to the end; or no place. A block
/// at the very top is that of a forwarded mail: what it holds is what the sender says.
std::size_t beginOfQuotedRest(const Lines &lines)
{
    bool said = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool begins = isSeparator(lines[i]) || isHeaderBlockAt(lines, i);
        if (begins && said)
            return i;
        said = said || (!isBlank(lines[i]) && !isSeparator(lines[i]));
    }
    return lines.size();
}

std::vector<Run> quotedRuns(const Lines &lines, std::size_t end)
{
    std::vector<Run> runs;
    for (std::size_t i = 0; i < end; ++i) {
        const auto attribution = attributionAt(lines, i);
        auto begin = i + attribution;
        while (attribution > 0 && begin < end && isBlank(lines[begin]))
            ++begin;
        const auto last = begin < end ? endOfRun(lines, begin) : begin;
        if (last > begin) {
            runs.push_back({i, std::min(last, end)});
            i = runs.back().to - 1;
        } else if (attribution > 0) { // quoted without marks: all that follows
            runs.push_back({i, end});
            break;
        }
    }
    return runs;
}

std::string withoutSignature(std::string_view text)
{
    const auto lines = linesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!isSignatureMark(lines[i]))
            continue;
        const bool byConvention = lines[i].starts_with("--");
        if (!byConvention && i + 4 < lines.size()) // a sentence of the text that begins like one
            continue;
        auto kept = joined(lines, 0, i);
        if (!kept.empty())
            return kept;
    }
    return std::string{base::trimmed(text)};
}

/// Without the line that set the quotation apart.
std::string withoutRule(std::string text)
{
    const auto last = text.find_last_of('\n');
    const auto line =
        last == std::string::npos ? std::string_view{} : std::string_view{text}.substr(last + 1);
    if (line.size() >= 3 && line.find_first_not_of("-_=") == std::string_view::npos)
        return std::string{base::trimmed(std::string_view{text}.substr(0, last))};
    return text;
}

bool hasText(const Lines &lines, std::size_t from, std::size_t to)
{
    return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(from),
                       lines.begin() + static_cast<std::ptrdiff_t>(to),
                       [](std::string_view line) { return !isBlank(line); });
}

/// `text` without the one run: what stands above it and below it.
std::string around(const Lines &lines, const Run &run, std::size_t end)
{
    const auto above = joined(lines, 0, run.from);
    const auto below = withoutSignature(joined(lines, run.to, end));
    if (above.empty() || below.empty())
        return above.empty() ? below : above;
    return above + "\n\n" + below;
}

} // namespace

std::string replyOf(std::string_view text)
{
    const auto lines = linesOf(text);
    const auto end = beginOfQuotedRest(lines);
    const auto runs = quotedRuns(lines, end);
    std::string kept;
    if (runs.empty())
        kept = joined(lines, 0, end);
    else if (runs.size() == 1 || !hasText(lines, runs.front().to, runs.back().from))
        kept = around(lines, {runs.front().from, runs.back().to}, end);
    else // answers between the quoted lines
        kept =
            hasText(lines, runs.back().to, end) ? joined(lines, 0, end) : joined(lines, 0, runs.back().from);
    kept = withoutRule(withoutSignature(kept));
    return kept.empty() ? withoutSignature(text) : kept;
}

} // namespace server::channels::email
