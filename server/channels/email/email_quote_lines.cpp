#include "server/channels/email/email_quote_lines.h"

#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace server::channels::email {

namespace {

constexpr std::size_t mostAttributionBytes = 600;

// Lower case as base::lowered makes it: ASCII letters only.
constexpr std::array<std::string_view, 34> wroteEndings{
    "wrote",     "writes",     "schrieb",    "schrieb am", "a écrit",    "a ecrit",   "escribió",
    "escribio",  "ha scritto", "ha scritto", "schreef",    "escreveu",   "skrev",     "skrev følgende",
    "kirjoitti", "napisał",    "napisał(a)", "napisała",   "pisze",      "napsal(a)", "napsal",
    "napísal",   "írta",       "a scris",    "написал",    "написал(а)", "пишет",     "написав",
    "έγραψε",    "yazdı",      "şunu yazdı", "כתב",        "كتب",        "viết"};
constexpr std::array<std::string_view, 6> wroteEndingsWithoutColon{"写道",      "寫道",  "のメール",
                                                                   "님이 작성", "wrote", "書きました"};
constexpr std::array<std::string_view, 26> starts{
    "on ",     "am ",   "le ",  "el ", "il ", "op ",       "em ",        "den ", "dnia ",
    "w dniu ", "dne ",  "dňa ", "в ",  "на ", "a(z) ",     "il giorno ", "en ",  "at ",
    "vào ",    "στις ", "ב",    "في ", "pe ", "tarihinde", "in ",        "på "};
constexpr std::array<std::string_view, 22> originalMessage{
    "original message",        "reply message",          "forwarded message",         "original appointment",
    "ursprüngliche nachricht", "originalnachricht",      "weitergeleitete nachricht", "message d'origine",
    "message original",        "message transféré",      "mensaje original",          "mensagem original",
    "messaggio originale",     "oorspronkelijk bericht", "ursprungligt meddelande",   "oprindelig meddelelse",
    "opprinnelig melding",     "alkuperäinen viesti",    "пересылаемое сообщение",    "原始邮件",
    "元のメッセージ",          "oryginalna wiadomość"};
constexpr std::array<std::string_view, 18> fromLabels{
    "from", "von",     "de",       "da",     "van",    "från",      "fra",    "lähettäjä", "od",
    "от",   "от кого", "gönderen", "发件人", "差出人", "보낸 사람", "feladó", "από",       "kimden"};
constexpr std::array<std::string_view, 26> sentLabels{
    "sent",       "date",       "gesendet",  "datum",    "envoyé",     "envoyé le", "enviado",
    "enviado el", "enviada em", "data",      "inviato",  "verzonden",  "skickat",   "sendt",
    "dato",       "lähetetty",  "wysłano",   "odesláno", "отправлено", "дата",      "tarih",
    "发送时间",   "送信日時",   "보낸 날짜", "fecha",    "küldve"};
constexpr std::array<std::string_view, 25> otherLabels{
    "to",      "an",        "à",      "para", "a",       "aan",     "till",  "til",    "do",
    "кому",    "kime",      "收件人", "宛先", "subject", "betreff", "objet", "asunto", "assunto",
    "oggetto", "onderwerp", "ämne",   "emne", "temat",   "тема",    "konu"};
constexpr std::array<std::string_view, 14> deviceMarks{
    "sent from my ",         "sent from mail for ", "get outlook for ",
    "sent from outlook",     "sent via ",           "sent from yahoo mail",
    "von meinem ",           "gesendet von ",       "envoyé de mon ",
    "envoyé depuis ",        "enviado desde mi ",   "inviato da ",
    "verzonden vanaf mijn ", "skickat från min "};

template <class List>
bool contains(const List &list, std::string_view word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// Without marks that some programs put around labels and lines.
std::string bare(std::string_view line)
{
    std::string result;
    for (const char c : base::trimmed(line))
        if (c != '*' && c != '\r')
            result += c;
    return base::lowered(base::trimmed(result));
}

bool endsAsAttribution(std::string_view text)
{
    std::string_view body = base::trimmed(text);
    bool colon = false;
    if (body.ends_with(':')) {
        colon = true;
        body.remove_suffix(1);
    } else if (body.ends_with("：")) {
        colon = true;
        body.remove_suffix(std::string_view{"："}.size());
    }
    body = base::trimmed(body);
    const auto endsWith = [&](std::string_view ending) { return body.ends_with(ending); };
    if (colon && std::any_of(wroteEndings.begin(), wroteEndings.end(), endsWith))
        return true;
    // German and Hungarian put the name behind the verb: "Am … schrieb Anna <a@b>:"
    if (colon &&
        (body.find(" schrieb ") != std::string_view::npos || body.find(" skrev ") != std::string_view::npos ||
         body.find(" schreef ") != std::string_view::npos || body.find(" írta ") != std::string_view::npos ||
         body.find(" пишет ") != std::string_view::npos || body.find(" viết ") != std::string_view::npos))
        return true;
    return std::any_of(wroteEndingsWithoutColon.begin(), wroteEndingsWithoutColon.end(),
                       [&](std::string_view ending) { return ending != "wrote" && body.ends_with(ending); });
}

/// A date or an address must be in it: "On the wall he wrote:" quotes nothing.
bool namesAMail(std::string_view text)
{
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits >= 2 || text.find('@') != std::string_view::npos;
}

std::string labelOf(std::string_view line)
{
    const auto text = bare(line);
    auto colon = text.find(':');
    const auto wide = text.find("：");
    colon = std::min(colon, wide);
    if (colon == std::string::npos || colon > 40)
        return {};
    return std::string{base::trimmed(std::string_view{text}.substr(0, colon))};
}

} // namespace

std::size_t attributionAt(const std::vector<std::string_view> &lines, std::size_t at)
{
    const auto first = bare(lines[at]);
    if (first.empty() || first.size() > mostAttributionBytes)
        return 0;
    std::string joined;
    for (std::size_t count = 1; count <= 3 && at + count <= lines.size(); ++count) {
        const auto next = bare(lines[at + count - 1]);
        if (next.empty() || next.starts_with('>'))
            return 0;
        joined += (joined.empty() ? "" : " ") + next;
        if (joined.size() > mostAttributionBytes)
            return 0;
        if (!endsAsAttribution(joined) || !namesAMail(joined))
            continue;
        const bool begins = std::any_of(starts.begin(), starts.end(),
                                        [&](std::string_view start) { return first.starts_with(start); });
        const bool dated = !first.empty() && first.front() >= '0' && first.front() <= '9';
        const bool named = joined.find('@') != std::string::npos;
        if (begins || dated || named)
            return count;
    }
    return 0;
}

bool isSeparator(std::string_view line)
{
    const auto text = bare(line);
    if (text.size() > 300)
        return false;
    const auto dashes = text.find_first_not_of("-—_");
    if (dashes == std::string::npos || dashes < 2)
        return false;
    const auto inner = base::trimmed(std::string_view{text}.substr(dashes));
    const auto end = inner.find_last_not_of("-—_ ");
    const bool closed = end + 2 < inner.size();
    const auto words = inner.substr(0, end + 1);
    if (!closed)
        return false;
    return contains(originalMessage, words) || words.ends_with(" wrote");
}

bool isHeaderBlockAt(const std::vector<std::string_view> &lines, std::size_t at)
{
    if (!contains(fromLabels, labelOf(lines[at])))
        return false;
    int sent = 0, others = 0, seen = 0;
    for (std::size_t i = at + 1; i < lines.size() && seen < 9; ++i) {
        const auto label = labelOf(lines[i]);
        ++seen;
        if (contains(sentLabels, label))
            ++sent;
        else if (contains(otherLabels, label))
            ++others;
    }
    return sent > 0 && others > 0;
}

bool isSignatureMark(std::string_view line)
{
    if (line == "-- " || line == "--" || line == "-- \r")
        return true;
    const auto text = bare(line);
    return text.size() < 120 && std::any_of(deviceMarks.begin(), deviceMarks.end(),
                                            [&](std::string_view mark) { return text.starts_with(mark); });
}

} // namespace server::channels::email
