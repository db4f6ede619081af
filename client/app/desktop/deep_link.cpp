#include "client/app/desktop/deep_link.h"

#include <QRegularExpression>
#include <QUrl>

namespace client::desktop {

namespace {

QString placeOf(const QUrl &address)
{
    const auto host = address.host(QUrl::FullyEncoded);
    const auto name = host.contains(QLatin1Char{':'}) ? QStringLiteral("[%1]").arg(host) : host;
    return address.port() < 0 ? name : QStringLiteral("%1:%2").arg(name).arg(address.port());
}

} // namespace

std::optional<DeepLink> DeepLink::parse(const QString &text)
{
    // Host names in their encoded form, IPv6 in brackets; no percent signs, no user, no fragment.
    static const QRegularExpression form{
        QStringLiteral(
            "\\Adeskbell://conversation/([1-9][0-9]{0,14})/?"
            "(?:\\?server=((?:[a-z0-9][a-z0-9.-]{0,252}|\\[[0-9a-f:.]{2,45}\\])(?::[1-9][0-9]{0,4})?))?\\z"),
        QRegularExpression::CaseInsensitiveOption};
    if (text.size() > longest)
        return std::nullopt;
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return DeepLink{match.captured(1).toLongLong(), match.captured(2).toLower()};
}

DeepLink DeepLink::to(std::int64_t conversation, const QUrl &address)
{
    return {conversation, placeOf(address).toLower()};
}

QString DeepLink::text() const
{
    const auto base = QStringLiteral("deskbell://conversation/%1").arg(conversation);
    return server.isEmpty() ? base : base + QStringLiteral("?server=") + server;
}

bool DeepLink::isFor(const QUrl &address) const
{
    return server.isEmpty() || placeOf(address).toLower() == server;
}

} // namespace client::desktop
