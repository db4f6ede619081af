#include "client/shell/pages/shortcut_sheet.h"

#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/search_field.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QGridLayout>
#include <QKeySequence>
#include <QPainter>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

namespace client::shell {

using widgets::Theme;

namespace {

/// "Ctrl+Shift+A" as key caps; a sequence has its parts one after the other.
QStringList keyCaps(const QString &portable)
{
    QStringList caps;
    const auto native = QKeySequence{portable, QKeySequence::PortableText}
                            .toString(QKeySequence::NativeText)
                            .split(QStringLiteral(", "));
    for (auto part : native) {
        const bool isPlus = part.endsWith(QLatin1Char{'+'});
        if (isPlus)
            part.chop(1);
        caps += part.split(QLatin1Char{'+'}, Qt::SkipEmptyParts);
        if (isPlus)
            caps += QStringLiteral("+");
    }
    return caps;
}

/// "Resolve and next            E", one accessible text.
class ShortcutRow : public QWidget {
public:
    ShortcutRow(const Command &command, QWidget *parent)
        : QWidget{parent}
        , m_title{command.title}
        , m_caps{keyCaps(command.keys.first())}
    {
        setAccessibleName(m_title + QStringLiteral(", ") + m_caps.join(QLatin1Char{' '}));
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] QSize sizeHint() const override { return {200, Theme::current().px(28)}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter{this};
        const auto &tokens = Theme::current().tokens();
        const auto direction = layoutDirection();
        const int caps = widgets::paintKeyCaps(painter, rect(), m_caps, direction);
        widgets::paintText(
            painter, QStyle::visualRect(direction, rect(), rect().adjusted(0, 0, -caps - 8, 0)),
            Qt::AlignLeft | Qt::AlignVCenter, m_title, widgets::TextRole::Panel, tokens.text1, direction);
    }

private:
    QString m_title;
    QStringList m_caps;
};

} // namespace

ShortcutSheet::ShortcutSheet(const CommandTable &commands, QWidget *window)
    : Overlay{tr("Keyboard shortcuts"), 760, window}
{
    setObjectName(QStringLiteral("shortcutSheet"));
    auto *filter = new widgets::SearchField{tr("Find a shortcut"), this};
    content()->addWidget(filter);
    auto *hint = new widgets::TextLabel{widgets::TextRole::Secondary, &widgets::Tokens::text2, this};
    hint->setText(tr("Single letters work while a list or a thread has the focus."));
    content()->addWidget(hint);

    auto *area = new QScrollArea{this};
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setAccessibleName(tr("Keyboard shortcuts"));
    area->setFocusPolicy(Qt::TabFocus);
    auto *body = new widgets::Surface{&widgets::Tokens::raised, area};
    auto *columns = new QHBoxLayout{body};
    columns->setContentsMargins(0, 0, 16, 0);
    columns->setSpacing(40);
    QVBoxLayout *sides[2] = {new QVBoxLayout, new QVBoxLayout};
    for (auto *side : sides) {
        side->setSpacing(0);
        columns->addLayout(side, 1);
    }

    QStringList groups;
    for (const auto &command : commands.all())
        if (!command.keys.isEmpty() && !groups.contains(command.group))
            groups += command.group;
    int placed[2] = {0, 0};
    for (const auto &group : groups) {
        const int at = placed[0] <= placed[1] ? 0 : 1;
        auto *title = new widgets::TextLabel{widgets::TextRole::MetaStrong, &widgets::Tokens::text2, body};
        title->setText(group);
        sides[at]->addSpacing(placed[at] ? 14 : 0);
        sides[at]->addWidget(title);
        placed[at] += 2;
        for (const auto &command : commands.all()) {
            if (command.group != group || command.keys.isEmpty())
                continue;
            auto *row = new ShortcutRow{command, body};
            sides[at]->addWidget(row);
            ++placed[at];
            connect(filter, &QLineEdit::textChanged, row, [row](const QString &text) {
                row->setVisible(row->title().contains(text, Qt::CaseInsensitive));
            });
        }
    }
    for (auto *side : sides)
        side->addStretch(1);
    area->setWidget(body);
    new widgets::OverlayScrollBar{area};
    area->setMinimumHeight(Theme::current().px(qMin(28 * qMax(placed[0], placed[1]) + 40, 520)));
    content()->addWidget(area, 1);
    connect(filter, &widgets::SearchField::left, this, &Overlay::dismiss);
    setFocusProxy(filter);
}

} // namespace client::shell
