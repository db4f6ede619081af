#include "client/features/contacts/ui/contact_view.h"

#include "client/features/contacts/logic/contact_store.h"
#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/navigation/property_section.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

namespace client::contacts {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

QDateTime dateTime(base::Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(base::toMs(at));
}

QString pathOf(const std::string &page)
{
    const QUrl url{QString::fromStdString(page)};
    return url.path().isEmpty() ? url.host() : url.path();
}

} // namespace

ContactView::ContactView(ContactStore &contacts, const base::Clock &clock, QWidget *parent)
    : Surface{&Tokens::surface, parent}
    , m_contacts{contacts}
    , m_clock{clock}
    , m_body{new Surface{&Tokens::surface}}
    , m_column{new QVBoxLayout{m_body}}
    , m_avatar{new widgets::Avatar{48, m_body}}
    , m_name{new TextLabel{TextRole::ThreadTitle, &Tokens::text1, m_body}}
    , m_presence{new TextLabel{TextRole::Secondary, &Tokens::text2, m_body}}
    , m_chips{new QWidget{m_body}}
    , m_details{new widgets::PropertySection{tr("Details"), m_body}}
{
    setObjectName(QStringLiteral("contactPane"));
    setAccessibleName(tr("Contact"));
    auto *outer = new QVBoxLayout{this};
    outer->setContentsMargins(0, 0, 0, 0);
    auto *area = new QScrollArea{this};
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(tr("Contact"));
    area->setWidget(m_body);
    new widgets::OverlayScrollBar{area};
    outer->addWidget(area);

    m_column->setContentsMargins(20, 20, 20, 16);
    m_column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(m_avatar);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(2);
    lines->addStretch(1);
    lines->addWidget(m_name);
    lines->addWidget(m_presence);
    lines->addStretch(1);
    head->addLayout(lines, 1);
    m_column->addLayout(head);
    m_column->addSpacing(12);
    auto *chips = new QHBoxLayout{m_chips};
    chips->setContentsMargins(0, 0, 0, 8);
    chips->setSpacing(6);
    m_column->addWidget(m_chips);
    m_column->addSpacing(4);
    m_column->addWidget(new widgets::Hairline{Qt::Horizontal, m_body});
    m_column->addWidget(m_details);
    m_column->addStretch(1);

    const auto ifShown = [this](const domain::ContactId &id) {
        if (m_id == id)
            refresh();
    };
    connect(&contacts, &ContactStore::changed, this, ifShown);
    connect(&contacts, &ContactStore::presenceChanged, this, ifShown);
    connect(&contacts, &ContactStore::reset, this, &ContactView::refresh);
    m_body->hide();
}

void ContactView::addSection(QWidget *section)
{
    // The line comes and goes with its section.
    auto *group = new QWidget{m_body};
    auto *lines = new QVBoxLayout{group};
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    auto *line = new widgets::Hairline{Qt::Horizontal, group};
    lines->addWidget(line);
    lines->addWidget(section);
    m_column->insertWidget(m_column->count() - 1, group);
    line->setVisible(!section->isHidden());
    section->installEventFilter(this);
}

bool ContactView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShowToParent || event->type() == QEvent::HideToParent) {
        auto *section = static_cast<QWidget *>(watched);
        section->parentWidget()->layout()->itemAt(0)->widget()->setVisible(!section->isHidden());
    }
    return Surface::eventFilter(watched, event);
}

void ContactView::open(std::optional<domain::ContactId> id)
{
    m_id = id;
    m_shown.reset();
    refresh();
}

void ContactView::addDetail(const QString &label, const std::string &value, bool link)
{
    if (value.empty())
        return;
    auto *row = m_details->addRow(label);
    const auto text = QString::fromStdString(value);
    row->setValue(text, link ? widgets::Tone::Accent : widgets::Tone::Neutral);
    if (link)
        connect(row, &widgets::PropertyRow::activated, this,
                [text] { QDesktopServices::openUrl(QUrl{QStringLiteral("mailto:") + text}); });
}

void ContactView::refresh()
{
    const auto contact = m_id ? m_contacts.find(*m_id) : std::nullopt;
    m_body->setVisible(contact.has_value());
    if (!contact)
        return;
    const bool online = m_contacts.isOnline(contact->id);
    const auto name = m_contacts.nameOf(contact->id);
    m_avatar->setLook(
        {.name = name, .presence = online ? widgets::Presence::Online : widgets::Presence::Offline});
    m_name->setText(name);
    const auto page = pathOf(contact->lastPage);
    if (online)
        m_presence->setText(page.isEmpty() ? tr("Online") : tr("Online · on %1").arg(page));
    else if (contact->lastActivityAt)
        m_presence->setText(
            tr("Last seen %1")
                .arg(QLocale{}.toString(dateTime(*contact->lastActivityAt), QLocale::ShortFormat)));
    else
        m_presence->setText(tr("Offline"));
    if (m_shown == *contact)
        return;
    m_shown = *contact;

    auto *chips = static_cast<QHBoxLayout *>(m_chips->layout());
    while (auto *item = chips->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (contact->blocked)
        chips->addWidget(
            new widgets::Pill{{tr("Blocked"), QStringLiteral("shield-alert"), widgets::Tone::Bad}, m_chips});
    if (!contact->company.empty())
        chips->addWidget(new widgets::Pill{
            {QString::fromStdString(contact->company), QStringLiteral("building")}, m_chips});
    chips->addWidget(new widgets::Pill{
        {tr("Since %1")
             .arg(QLocale{}.toString(dateTime(contact->createdAt).date(), QStringLiteral("MMM yyyy")))},
        m_chips});
    chips->addStretch(1);

    m_details->clear();
    addDetail(tr("Email"), contact->email, true);
    addDetail(tr("Phone"), contact->phone);
    addDetail(tr("Company"), contact->company);
    std::string place = contact->city;
    if (!contact->country.empty())
        place += (place.empty() ? "" : ", ") + contact->country;
    addDetail(tr("Place"), place);
    addDetail(tr("Identifier"), contact->identifier);
    addDetail(tr("Last page"), contact->lastPage);
    addDetail(tr("Number"), contact->number ? std::to_string(contact->number) : std::string{});
}

} // namespace client::contacts
