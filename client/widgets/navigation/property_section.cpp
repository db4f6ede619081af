#include "client/widgets/navigation/property_section.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int labelColumn = 92;
constexpr int rowHeight = 27;

} // namespace

namespace client::widgets {

PropertyRow::PropertyRow(const QString &label, QWidget *parent)
    : QWidget{parent}
    , m_label{new TextLabel{TextRole::Secondary, &Tokens::text2, this}}
    , m_value{new TextLabel{TextRole::Value, &Tokens::text1, this}}
{
    m_label->setText(label);
    setAccessibleName(label);
    m_label->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_value->setAttribute(Qt::WA_TransparentForMouseEvents);
    Theme::current().follow(this, [this] {
        setFixedHeight(m_widget ? qMax(m_widget->sizeHint().height(), Theme::current().px(rowHeight))
                                : Theme::current().px(rowHeight));
        place();
    });
}

void PropertyRow::setValue(const QString &value, Tone tone)
{
    m_tone = tone;
    m_value->setText(value);
    m_value->setColour(tone == Tone::Neutral  ? &Tokens::text1
                       : tone == Tone::Accent ? &Tokens::accent
                       : tone == Tone::Ok     ? &Tokens::ok
                       : tone == Tone::Warn   ? &Tokens::warn
                                              : &Tokens::bad);
    const bool link = tone == Tone::Accent;
    setFocusPolicy(link ? Qt::TabFocus : Qt::NoFocus);
    setCursor(link ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAccessibleName(tr("%1: %2").arg(m_label->text(), value));
    place();
}

void PropertyRow::setValueWidget(QWidget *widget)
{
    delete m_widget;
    m_widget = widget;
    m_value->setVisible(!widget);
    if (widget) {
        widget->setParent(this);
        widget->show();
        setFixedHeight(qMax(widget->sizeHint().height(), Theme::current().px(rowHeight)));
    }
    place();
}

void PropertyRow::place()
{
    const auto &theme = Theme::current();
    const int column = qMin(theme.px(labelColumn), width() / 2);
    const auto visual = [this](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    m_label->setGeometry(visual({0, 0, column - theme.px(8), theme.px(rowHeight)}));
    const QRect value{column, 0, width() - column, height()};
    m_value->setGeometry(visual(value));
    if (m_widget)
        m_widget->setGeometry(visual(value));
}

void PropertyRow::resizeEvent(QResizeEvent *)
{
    place();
}

void PropertyRow::paintEvent(QPaintEvent *)
{
    if (!showsFocus(this))
        return;
    QPainter painter{this};
    paintFocusRing(painter, rect().adjusted(0, 1, 0, -1), Theme::current().px(6));
}

void PropertyRow::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_tone == Tone::Accent && event->button() == Qt::LeftButton &&
        rect().contains(event->position().toPoint()))
        Q_EMIT activated();
}

void PropertyRow::keyPressEvent(QKeyEvent *event)
{
    const auto key = event->key();
    if (m_tone == Tone::Accent && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space))
        Q_EMIT activated();
    else
        QWidget::keyPressEvent(event);
}

PropertySection::PropertySection(const QString &title, QWidget *parent)
    : QWidget{parent}
    , m_body{new QWidget{this}}
    , m_rows{new QVBoxLayout{m_body}}
    , m_title{new TextLabel{TextRole::SectionTitle, &Tokens::text1, this}}
{
    m_title->setText(title);
    setAccessibleName(title);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    m_head = new QHBoxLayout;
    m_head->setContentsMargins(0, 0, 0, 0);
    m_head->setSpacing(2);
    m_head->addWidget(m_title, 1);
    auto *layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 8, 0, 10);
    layout->setSpacing(2);
    layout->addLayout(m_head);
    layout->addWidget(m_body);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    Theme::current().follow(this, [this] { m_title->setMinimumHeight(Theme::current().px(28)); });
}

IconButton *PropertySection::setAction(const QString &icon, const QString &name)
{
    delete m_action;
    m_action = new IconButton{icon, name, this};
    m_action->setExtent(28);
    m_head->insertWidget(1, m_action);
    return m_action;
}

void PropertySection::setFoldable(bool foldable)
{
    delete m_fold;
    m_fold = nullptr;
    if (!foldable)
        return;
    m_fold = new IconButton{u"chevron-down"_s, tr("Fold %1").arg(m_title->text()), this};
    m_fold->setExtent(28);
    m_head->addWidget(m_fold);
    connect(m_fold, &QAbstractButton::clicked, this, [this] {
        setFolded(!m_folded);
        Q_EMIT foldedChanged(m_folded);
    });
}

void PropertySection::setFolded(bool folded)
{
    m_folded = folded;
    m_body->setVisible(!folded);
    if (!m_fold)
        return;
    m_fold->setIconName(folded ? u"chevron-right"_s : u"chevron-down"_s);
    m_fold->setAccessibleName(folded ? tr("Unfold %1").arg(m_title->text())
                                     : tr("Fold %1").arg(m_title->text()));
}

PropertyRow *PropertySection::addRow(const QString &label)
{
    auto *row = new PropertyRow{label, m_body};
    m_rows->addWidget(row);
    return row;
}

void PropertySection::addWidget(QWidget *widget)
{
    m_rows->addWidget(widget);
}

void PropertySection::clear()
{
    while (auto *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void PropertySection::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    paintHairline(painter, {0, 0, width(), 1}, Theme::current().tokens().borderSubtle);
}

} // namespace client::widgets
