#include "client/widgets/accessibility.h"

#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/tab_button.h"
#include "client/widgets/basic/tab_track.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/navigation/property_section.h"
#include "client/widgets/thread/thread_accessible.h"

#include <QAccessible>
#include <QAccessibleWidget>

namespace {

using namespace client::widgets;

// A button that says what it is: a tab, a chip that cannot be pressed.
class RoleAccessible : public QAccessibleWidget {
public:
    RoleAccessible(QWidget *widget, QAccessible::Role role) : QAccessibleWidget{widget, role} {}

    QAccessible::State state() const override
    {
        auto state = QAccessibleWidget::state();
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget())) {
            state.checkable = button->isCheckable();
            state.checked = button->isChecked();
            state.selected = button->isChecked();
        }
        return state;
    }

    QStringList actionNames() const override
    {
        const auto *button = qobject_cast<const QAbstractButton *>(widget());
        return button && widget()->focusPolicy() != Qt::NoFocus ? QStringList{pressAction()} : QStringList{};
    }

    void doAction(const QString &action) override
    {
        if (auto *button = qobject_cast<QAbstractButton *>(widget()); button && action == pressAction())
            button->click();
    }
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *widget = qobject_cast<QWidget *>(object);
    if (!widget)
        return nullptr;
    if (auto *thread = qobject_cast<ThreadView *>(object))
        return new ThreadAccessible{thread};
    if (qobject_cast<TabTrack *>(object))
        return new RoleAccessible{widget, QAccessible::PageTabList};
    if (qobject_cast<TabButton *>(object))
        return new RoleAccessible{widget, QAccessible::PageTab};
    if (qobject_cast<TextLabel *>(object) || qobject_cast<Badge *>(object))
        return new RoleAccessible{widget, QAccessible::StaticText};
    if (qobject_cast<Avatar *>(object))
        return new RoleAccessible{widget, QAccessible::Graphic};
    if (qobject_cast<Hairline *>(object))
        return new RoleAccessible{widget, QAccessible::Separator};
    if (qobject_cast<Toast *>(object) || qobject_cast<Banner *>(object))
        return new RoleAccessible{widget, QAccessible::AlertMessage};
    if (qobject_cast<PropertySection *>(object))
        return new RoleAccessible{widget, QAccessible::Grouping};
    if (qobject_cast<PropertyRow *>(object))
        return new RoleAccessible{widget, widget->focusPolicy() == Qt::NoFocus ? QAccessible::StaticText
                                                                               : QAccessible::Link};
    if (qobject_cast<Pill *>(object))
        return new RoleAccessible{widget, widget->focusPolicy() == Qt::NoFocus ? QAccessible::StaticText
                                                                               : QAccessible::Button};
    return nullptr;
}

} // namespace

namespace client::widgets {

void installAccessibility()
{
    QAccessible::installFactory(make);
}

void removeAccessibility()
{
    QAccessible::removeFactory(make);
}

} // namespace client::widgets
