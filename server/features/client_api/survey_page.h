#pragma once

#include "server/ports/crypto.h"

#include <string>
#include <string_view>

namespace server::client_api {

/// What the page with the question at the end shows.
struct SurveyPage {
    std::string name;     ///< of the inbox
    std::string question; ///< as it was asked
    std::string_view language;
    std::int64_t stars = 0; ///< given already; 0: not yet
    std::string feedback;
    bool thanks = false; ///< it has just been answered
};

/// In the customer's language, with everything escaped. Needs no script.
std::string surveyPageHtml(const SurveyPage &page);
/// The Content-Security-Policy of that page.
std::string surveyPagePolicy(const ports::Crypto &crypto);

} // namespace server::client_api
