#include "client/widgets/thread/thread_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace {

// What one person can have meant; a longer one is cut, so that laying it out stays bounded.
constexpr qsizetype maxShown = 100'000;

QString say(const char *sentence)
{
    return QCoreApplication::translate("client::widgets::ThreadView", sentence);
}

} // namespace

namespace client::widgets {

QString shownText(const ThreadItem &item)
{
    auto text = item.text.left(maxShown);
    text.replace(QLatin1String("\r\n"), QLatin1String("\n")).replace(QLatin1Char('\r'), QLatin1Char('\n'));
    for (auto &c : text) {
        if (c.category() == QChar::Other_Control && c != QLatin1Char('\n') && c != QLatin1Char('\t'))
            c = QChar::ReplacementCharacter;
    }
    return text;
}

QString copiedText(const ThreadItem &item)
{
    const auto text = shownText(item);
    if (!text.isEmpty())
        return text;
    QStringList names;
    for (const auto &attachment : item.attachments)
        names << attachment.name;
    return names.join(QLatin1Char('\n'));
}

QString stateText(SendState state)
{
    switch (state) {
    case SendState::None:
        return {};
    case SendState::Queued:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Queued"));
    case SendState::Sending:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Sending"));
    case SendState::Sent:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Sent"));
    case SendState::Delivered:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Delivered"));
    case SendState::Read:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Read"));
    case SendState::Failed:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Not sent"));
    case SendState::Held:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "On hold"));
    case SendState::Uncertain:
        return say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Delivery unknown"));
    }
    return {};
}

QString metaText(const ThreadItem &item)
{
    QStringList parts;
    if (isOurs(item.kind) && !item.card)
        parts << item.author;
    if (!item.time.isEmpty())
        parts << item.time;
    if (item.state != SendState::None)
        parts << stateText(item.state);
    parts.removeAll(QString{});
    return parts.join(QStringLiteral(" \u00B7 "));
}

QString accessibleText(const ThreadItem &item)
{
    if (item.kind == ThreadItemKind::NewLine)
        return item.text.isEmpty() ? say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "New messages"))
                                   : item.text;
    if (!isMessage(item.kind))
        return item.text;
    QStringList head;
    if (item.kind == ThreadItemKind::Note)
        head << say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "Private note"));
    head << item.author << item.time << stateText(item.state).toLower();
    if (!item.stateDetail.isEmpty())
        head << item.stateDetail;
    head.removeAll(QString{});
    auto name = head.join(QStringLiteral(", "));
    if (!item.text.isEmpty())
        name += QStringLiteral(": ") + item.text;
    for (const auto &attachment : item.attachments)
        name += QStringLiteral(", ") +
                say(QT_TRANSLATE_NOOP("client::widgets::ThreadView", "attachment %1")).arg(attachment.name);
    return name;
}

bool hasAction(const ThreadItem &item)
{
    return item.undoable || item.state == SendState::Failed || item.state == SendState::Held ||
           item.state == SendState::Uncertain;
}

bool isMessage(ThreadItemKind kind)
{
    return kind == ThreadItemKind::Incoming || kind == ThreadItemKind::Outgoing ||
           kind == ThreadItemKind::Note;
}

bool isOurs(ThreadItemKind kind)
{
    return kind == ThreadItemKind::Outgoing || kind == ThreadItemKind::Note;
}

} // namespace client::widgets
