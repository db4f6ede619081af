#pragma once

#include <string_view>
#include <vector>

/// How programs announce that they quote an older mail, in the languages that they speak.
namespace server::channels::email {

/// "On … wrote:" and the like, over one to three lines: how many lines, or 0.
std::size_t attributionAt(const std::vector<std::string_view> &lines, std::size_t at);
/// "-----Original Message-----", "---- John wrote ----", a line of underscores before a block of headers.
bool isSeparator(std::string_view line);
/// A block of From, Sent, To and Subject lines begins here.
bool isHeaderBlockAt(const std::vector<std::string_view> &lines, std::size_t at);
/// "-- ", "Sent from my iPhone" and the like: the signature begins here.
bool isSignatureMark(std::string_view line);

} // namespace server::channels::email
