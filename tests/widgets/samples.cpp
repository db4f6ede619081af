#include "tests/widgets/samples.h"

#include "client/widgets/basic/avatar.h"
#include "client/widgets/theme/theme.h"

#include <QLinearGradient>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

namespace {

SampleRows::Row row(const QString &name, const QString &title, const QString &preview, const QString &time,
                    int unread, const QString &icon, const QStringList &labels)
{
    return {{RowIdRole, name},          {RowNameRole, name},
            {RowTitleRole, title},      {RowPreviewRole, preview},
            {RowTimeRole, time},        {RowUnreadRole, unread},
            {RowChannelIconRole, icon}, {RowChannelTextRole, u"website chat"_s},
            {RowLabelsRole, labels}};
}

QPixmap lamp()
{
    QPixmap picture{504, 272};
    QPainter painter{&picture};
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky{0, 0, 504, 272};
    sky.setColorAt(0, QColor{0xC4, 0xD0, 0xEA});
    sky.setColorAt(.6, QColor{0xE3, 0xD3, 0xDC});
    sky.setColorAt(1, QColor{0xF1, 0xDF, 0xC6});
    painter.fillRect(picture.rect(), sky);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor{0xFF, 0xF1, 0xD6});
    painter.drawPolygon(QPolygon{{210, 28}, {295, 28}, {322, 108}, {183, 108}});
    painter.setBrush(QColor{0x55, 0x62, 0x7E});
    painter.drawRect(248, 108, 10, 132);
    painter.drawRoundedRect(210, 240, 84, 14, 7, 7);
    return picture;
}

} // namespace

SampleRows::SampleRows(QObject *parent) : QAbstractListModel{parent}
{
    m_rows = {row(u"Mara Lindqvist"_s, u"Order #4821 arrived damaged"_s, u"Is there any chance"_s, u"2m"_s, 2,
                  u"message-circle"_s, {u"Refund"_s}),
              row(u"Tomasz Wieczorek"_s, u"Invoice shows the wrong VAT number"_s,
                  u"I’ve asked billing to reissue it, you will get a new one"_s, u"9m"_s, 0, u"mail"_s,
                  {u"Billing"_s}),
              row(u"Aiyana Brooks"_s, u"Can I change the delivery address?"_s, u"It ships tomorrow morning"_s,
                  u"18m"_s, 1, u"phone"_s, {u"Shipping"_s, u"VIP"_s}),
              row(u"Kenji Watanabe"_s, u"API returns 429 on small bursts"_s,
                  u"We send ~20 requests per minute, well below the limit"_s, u"31m"_s, 3, u"mail"_s,
                  {u"API"_s}),
              row(u"Léa Fontaine"_s, u"Impossible d’ajouter un collègue"_s,
                  u"Merci ! Cela fonctionne maintenant."_s, u"1h"_s, 0, u"message-circle"_s, {}),
              row(u"Omar Haddad"_s, u"هل يمكنني استرداد المبلغ؟"_s, u"شكراً لكم، سأنتظر الرد"_s, u"1h"_s, 1,
                  u"camera"_s, {u"Refund"_s}),
              row(u"Grace Mbeki"_s, u"Two-factor code never arrives"_s, u"Still nothing"_s, u"2h"_s, 0,
                  u"mail"_s, {u"Login"_s}),
              row(u"Daniel Park"_s, u"Feature request: export to CSV 🎉"_s,
                  u"Totally understand, thanks for passing it on"_s, u"3h"_s, 0, u"message-circle"_s,
                  {u"Product"_s, u"Reports"_s, u"Later"_s})};
    m_rows[0][RowTypingRole] = u"Mara is typing…"_s;
    m_rows[0][RowDueRole] = u"12m"_s;
    m_rows[0][RowDueToneRole] = static_cast<int>(Tone::Bad);
    m_rows[1][RowPreviewPrefixRole] = u"You:"_s;
    m_rows[2][RowDueRole] = u"41m"_s;
    m_rows[2][RowDueToneRole] = static_cast<int>(Tone::Warn);
    m_rows[3][RowSendStateRole] = static_cast<int>(RowSendState::Failed);
    m_rows[4][RowPresenceRole] = static_cast<int>(Presence::Online);
    m_rows[4][RowSnoozedRole] = u"until tomorrow 08:00"_s;
    m_rows[6][RowDraftRole] = u"Could you check whether the code is in spam"_s;
    m_rows[7][RowAssigneeRole] = u"Priya Raman"_s;
    m_rows[7][RowMutedRole] = true;
}

int SampleRows::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SampleRows::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::AccessibleTextRole)
        return rowAccessibleText(index);
    if (role == Qt::DisplayRole)
        role = RowNameRole;
    return m_rows[static_cast<std::size_t>(index.row())].value(role);
}

void SampleRows::setValue(int row, int role, const QVariant &value)
{
    m_rows[static_cast<std::size_t>(row)][role] = value;
    Q_EMIT dataChanged(index(row), index(row), {role});
}

std::vector<PaletteEntry> SampleCommands::entries(QChar prefix, const QString &query) const
{
    lastPrefix = prefix;
    lastQuery = query;
    const auto here = u"This conversation"_s;
    return {
        {.id = u"assign"_s,
         .group = here,
         .title = u"Assign to…"_s,
         .icon = u"user-plus"_s,
         .shortcut = u"A"_s,
         .canDrill = true},
        {.id = u"assignMe"_s,
         .group = here,
         .title = u"Assign to me"_s,
         .icon = u"user-check"_s,
         .shortcut = u"Shift+A"_s},
        {.id = u"team"_s, .group = here, .title = u"Assign team…"_s, .icon = u"users"_s, .shortcut = u"T"_s},
        {.id = u"unassign"_s,
         .group = here,
         .title = u"Unassign"_s,
         .icon = u"user-x"_s,
         .shortcut = u"Ctrl+Shift+A"_s},
        {.id = u"resolve"_s,
         .group = here,
         .title = u"Resolve and next"_s,
         .icon = u"check"_s,
         .shortcut = u"E"_s},
        {.id = u"handover"_s,
         .group = u"Snippets"_s,
         .title = u"Assignment hand-over"_s,
         .subtitle = u"/handover"_s,
         .icon = u"zap"_s},
        {.id = u"c17"_s,
         .group = u"Conversations"_s,
         .title = u"Assignment deadline question"_s,
         .subtitle = u"Rowan Ellis · 4 d"_s,
         .icon = u"message-circle"_s}};
}

std::vector<NavSection> sampleSections()
{
    return {{u"main"_s,
             {},
             false,
             {{u"inbox"_s, u"Inbox"_s, u"inbox"_s, {}, 12},
              {u"mentions"_s, u"Mentions"_s, u"at-sign"_s, {}, 2},
              {u"drafts"_s, u"Drafts"_s, u"file-pen"_s, {}, 1},
              {u"snoozed"_s, u"Snoozed"_s, u"alarm-clock"_s},
              {u"sent"_s, u"Sent"_s, u"send"_s}}},
            {u"views"_s,
             u"Views"_s,
             true,
             {{u"sla"_s, u"SLA at risk"_s, u"flame"_s, {}, 3, true},
              {u"un"_s, u"Unassigned"_s, u"user-x"_s, {}, 8},
              {u"wait"_s, u"Waiting on customer"_s, u"hourglass"_s, {}, 24},
              {u"vip"_s, u"VIP customers"_s, u"star"_s}}},
            {u"channels"_s,
             u"Channels"_s,
             true,
             {{u"chat"_s, u"Website chat"_s, u"message-circle"_s, {}, 5},
              {u"mail"_s, u"support@northwind"_s, u"mail"_s, {}, 6},
              {u"wa"_s, u"WhatsApp"_s, u"phone"_s, {}, 1}}},
            {u"teams"_s,
             u"Teams"_s,
             true,
             {{u"billing"_s, u"Billing"_s, {}, QColor{0x2F, 0xA8, 0xA0}},
              {u"logistics"_s, u"Logistics"_s, {}, QColor{0xD9, 0x82, 0x2B}, 4}}}};
}

std::vector<ThreadItem> sampleThread()
{
    using Kind = ThreadItemKind;
    const auto mara = u"Mara Lindqvist"_s;
    std::vector<ThreadItem> items;
    items.push_back({.id = u"d1"_s, .kind = Kind::Day, .text = u"Today"_s});
    items.push_back({.id = u"a1"_s,
                     .kind = Kind::Activity,
                     .text = u"Ines changed the label to Refund · priority set to High"_s});
    items.push_back(
        {.id = u"m1"_s, .author = mara, .text = u"Hi, the lamp came today."_s, .time = u"10:32"_s});
    items.push_back({.id = u"m2"_s,
                     .author = mara,
                     .text = u"The shade is cracked 😕"_s,
                     .time = u"10:32"_s,
                     .groupedWithPrevious = true});
    items.push_back({.id = u"m3"_s,
                     .author = mara,
                     .time = u"10:33"_s,
                     .attachments = {{u"f1"_s, u"IMG_2047.jpg"_s, u"1.8 MB · scanned, safe"_s,
                                      u"image/jpeg"_s, lamp()}}});
    items.push_back(
        {.id = u"m4"_s,
         .kind = Kind::Outgoing,
         .author = u"You"_s,
         .avatarName = u"Ines Okafor"_s,
         .text =
             u"I’m so sorry, that’s not how it should reach you. Thank you for the photo, it’s all I need.\nWould you like a replacement shade, or a full refund?"_s,
         .time = u"10:36"_s,
         .state = SendState::Read});
    items.push_back(
        {.id = u"m5"_s,
         .kind = Kind::Note,
         .author = u"You"_s,
         .text =
             u"@Priya second crushed box from the Leeds depot this week. Can logistics check the packing on SKU LMP-20?"_s,
         .time = u"10:37"_s});
    items.push_back({.id = u"new"_s, .kind = Kind::NewLine});
    items.push_back(
        {.id = u"m6"_s,
         .author = mara,
         .text =
             u"A replacement would be great. Is there any chance it arrives before Friday? It’s a birthday present. See https://northwind.example/orders/4821"_s,
         .time = u"10:41"_s});
    items.push_back(
        {.id = u"m7"_s,
         .author = u"Omar Haddad"_s,
         .text = u"هل يمكنني استرداد المبلغ؟ أريد أن أعرف متى يصل الطلب الجديد من فضلكم، شكراً جزيلاً لكم"_s,
         .time = u"10:42"_s});
    items.push_back({.id = u"m8"_s,
                     .kind = Kind::Outgoing,
                     .author = u"You"_s,
                     .text = u"Booked for Thursday."_s,
                     .time = u"10:44"_s,
                     .state = SendState::Failed,
                     .stateDetail = u"The address was refused"_s});
    items.push_back(
        {.id = u"m9"_s,
         .kind = Kind::Outgoing,
         .author = u"You"_s,
         .text = u"You will get a tracking link in a minute."_s,
         .time = u"10:45"_s,
         .state = SendState::Queued,
         .attachments = {{u"f2"_s, u"label-LMP-20.pdf"_s, u"88 KB"_s, u"application/pdf"_s, {}, {}, 40}}});
    return items;
}

std::vector<ThreadItem> sampleMail()
{
    using Kind = ThreadItemKind;
    std::vector<ThreadItem> items;
    items.push_back(
        {.id = u"e1"_s,
         .author = u"Tomasz Wieczorek"_s,
         .text =
             u"Hello,\n\nOn invoice NW-20931 our VAT number is printed as PL525 000 10 0. It should be PL525 000 10 09, so our accountant can’t book it.\n\n• Could you reissue the invoice?\n• Please also update the account, so next month’s is right.\n\nBest wishes,\nTomasz"_s,
         .time = u"09:12"_s,
         .attachments = {{u"f3"_s, u"NW-20931.pdf"_s, u"88 KB"_s, u"application/pdf"_s}},
         .card = true,
         .recipients = u"to support@northwind.example"_s});
    items.push_back({.id = u"a2"_s,
                     .kind = Kind::Activity,
                     .text = u"Ines changed the label to Billing · priority set to Normal"_s});
    items.push_back(
        {.id = u"e2"_s,
         .kind = Kind::Outgoing,
         .author = u"Ines Okafor"_s,
         .text =
             u"Hi Tomasz,\n\nThanks for spotting this. I’ve corrected the VAT number on your account and asked billing to reissue NW-20931; the new PDF should reach you within the hour."_s,
         .time = u"09:40"_s,
         .state = SendState::Delivered,
         .card = true,
         .recipients = u"to tomasz@wieczorek.example"_s});
    return items;
}

std::vector<ThreadItem> longThread(int count)
{
    const QStringList words{u"order"_s,  u"lamp"_s, u"please"_s, u"tomorrow"_s,
                            u"refund"_s, u"the"_s,  u"is"_s,     u"box"_s};
    std::vector<ThreadItem> items;
    quint32 state = 12345;
    const auto next = [&](quint32 below) {
        state = state * 1664525U + 1013904223U;
        return (state >> 8) % below;
    };
    for (int i = 0; i < count; ++i) {
        QStringList text;
        for (quint32 w = 0; w < 3 + next(60); ++w)
            text << words[static_cast<int>(next(8))];
        ThreadItem item;
        item.id = QString::number(i);
        item.kind = next(2) ? ThreadItemKind::Incoming : ThreadItemKind::Outgoing;
        item.author = item.kind == ThreadItemKind::Incoming ? u"Mara Lindqvist"_s : u"You"_s;
        item.text = text.join(u' ');
        item.time = u"10:%1"_s.arg(i % 60, 2, 10, QLatin1Char('0'));
        items.push_back(item);
    }
    return items;
}
