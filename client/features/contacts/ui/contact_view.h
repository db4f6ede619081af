#pragma once

#include "client/widgets/basic/text_label.h"
#include "shared/base/clock.h"
#include "shared/domain/contacts/contact.h"

#include <optional>

class QVBoxLayout;

namespace client::widgets {
class Avatar;
class PropertySection;
} // namespace client::widgets

namespace client::contacts {

class ContactStore;

/// The contact panel: who somebody is, details, and sections that others add below.
class ContactView : public widgets::Surface {
    Q_OBJECT

public:
    /// Both must outlive the view.
    ContactView(ContactStore &contacts, const base::Clock &clock, QWidget *parent = nullptr);

    /// Below the details, a hairline above it; taken as a child.
    void addSection(QWidget *section);
    void open(std::optional<domain::ContactId> id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refresh();
    void addDetail(const QString &label, const std::string &value, bool link = false);

    ContactStore &m_contacts;
    const base::Clock &m_clock;
    std::optional<domain::ContactId> m_id;
    QWidget *m_body;
    QVBoxLayout *m_column;
    widgets::Avatar *m_avatar;
    widgets::TextLabel *m_name;
    widgets::TextLabel *m_presence;
    QWidget *m_chips;
    widgets::PropertySection *m_details;
    std::optional<domain::Contact> m_shown;
};

} // namespace client::contacts
