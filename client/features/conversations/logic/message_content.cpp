#include "client/features/conversations/logic/message_content.h"

#include <QStringList>

#include <algorithm>

namespace client::conversations {

namespace {

constexpr int mostStars = 5;
const QString open = QStringLiteral("\u25CB ");   // a choice that was not made
const QString chosen = QStringLiteral("\u25CF "); // one that was
const QString bullet = QStringLiteral("\u2022 ");

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

QString MessageContentText::of(const domain::Message &message)
{
    if (message.deleted)
        return tr("This message was deleted.");
    auto shown = message.body.empty() ? QStringList{} : QStringList{text(message.body)};
    if (!message.content.type.empty())
        shown += lines(message.content);
    return shown.join(QLatin1Char{'\n'});
}

QStringList MessageContentText::lines(const domain::MessageContent &content)
{
    if (content.type == "input_select")
        return choices(content);
    if (content.type == "form")
        return questions(content);
    if (content.type == "cards" || content.type == "article")
        return offers(content);
    if (content.type == "input_csat")
        return rating(content);
    return answer(content);
}

QStringList MessageContentText::choices(const domain::MessageContent &content)
{
    QStringList shown;
    const auto made = content.answers.empty() ? std::string{} : content.answers.front().answer;
    bool isListed = false;
    for (const auto &item : content.items) {
        const bool isMade = !content.answers.empty() && !isListed && item.title == made;
        isListed = isListed || isMade;
        shown += (isMade ? chosen : open) + text(item.title);
    }
    if (!content.answers.empty())
        shown += tr("The customer chose: %1").arg(text(made));
    return shown;
}

QStringList MessageContentText::questions(const domain::MessageContent &content)
{
    QStringList shown;
    if (content.answers.empty()) {
        for (const auto &item : content.items)
            shown += open + text(item.title);
        return shown << tr("Not answered yet");
    }
    for (const auto &[question, answer] : content.answers)
        shown += question.empty() ? text(answer) : tr("%1: %2").arg(text(question), text(answer));
    return shown;
}

QStringList MessageContentText::offers(const domain::MessageContent &content)
{
    QStringList shown;
    for (const auto &item : content.items) {
        shown += bullet + (item.detail.empty() ? text(item.title)
                                               : tr("%1 \u2013 %2").arg(text(item.title), text(item.detail)));
        if (!item.link.empty())
            shown += text(item.link);
        QStringList buttons;
        for (const auto &button : item.buttons)
            buttons += QLatin1Char{'['} + text(button) + QLatin1Char{']'};
        if (!buttons.isEmpty())
            shown += buttons.join(QLatin1Char{' '});
    }
    return shown;
}

QStringList MessageContentText::rating(const domain::MessageContent &content)
{
    if (content.stars == 0)
        return {tr("Not rated yet")};
    const auto stars = std::clamp(content.stars, 0, mostStars);
    QStringList shown{QString{stars, QChar{0x2605}} + QString{mostStars - stars, QChar{0x2606}} +
                      QLatin1Char{' '} + tr("%1 of 5").arg(stars)};
    for (const auto &said : content.answers)
        shown += text(said.answer);
    return shown;
}

QStringList MessageContentText::answer(const domain::MessageContent &content)
{
    if (content.answers.empty())
        return {tr("Not answered yet")};
    QStringList shown;
    for (const auto &given : content.answers)
        shown += tr("The customer answered: %1").arg(text(given.answer));
    return shown;
}

} // namespace client::conversations
