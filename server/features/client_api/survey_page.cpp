#include "server/features/client_api/survey_page.h"

#include "server/features/conversations/customer_texts.h"
#include "shared/base/text.h"

#include <array>
#include <cstddef>
#include <kainjow/mustache.hpp>

namespace server::client_api {

namespace survey_template { // from resources/survey_page.mustache
extern const unsigned char bytes[];
extern const std::size_t size;
} // namespace survey_template

namespace survey_style { // from resources/survey_page.css
extern const unsigned char bytes[];
extern const std::size_t size;
} // namespace survey_style

namespace {

using conversations::CustomerText;
using kainjow::mustache::data;

std::string style()
{
    return {reinterpret_cast<const char *>(survey_style::bytes), survey_style::size};
}

} // namespace

std::string surveyPageHtml(const SurveyPage &page)
{
    static constexpr std::array words{CustomerText::Rate1, CustomerText::Rate2, CustomerText::Rate3,
                                      CustomerText::Rate4, CustomerText::Rate5};
    const auto say = [&](CustomerText text) { return std::string{customerText(text, page.language)}; };
    data shown;
    shown.set("language", std::string{conversations::catalogLanguage(page.language)});
    shown.set("direction", conversations::isRightToLeft(page.language) ? "rtl" : "ltr");
    shown.set("style", style());
    shown.set("name", page.name);
    shown.set("question", page.question);
    if (page.thanks)
        shown.set("thanks", say(CustomerText::Thanks));
    data ratings{data::type::list};
    for (std::size_t i = 0; i < words.size(); ++i) {
        data one;
        one.set("number", std::to_string(i + 1));
        one.set("label", say(words[i]));
        one.set("chosen", page.stars == static_cast<std::int64_t>(i + 1) ? data::type::bool_true
                                                                         : data::type::bool_false);
        ratings << one;
    }
    shown.set("ratings", ratings);
    shown.set("comment", say(CustomerText::Comment));
    shown.set("feedback", page.feedback);
    shown.set("send", say(CustomerText::Send));
    kainjow::mustache::mustache page_template{
        std::string{reinterpret_cast<const char *>(survey_template::bytes), survey_template::size}};
    return page_template.render(shown);
}

std::string surveyPagePolicy(const ports::Crypto &crypto)
{
    return "default-src 'none'; style-src 'sha256-" + base::toBase64Url(crypto.sha256(style())) +
           "='; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

} // namespace server::client_api
