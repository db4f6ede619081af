#include "client/widgets/basic/search_field.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/theme/paint.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

SearchField::SearchField(const QString &placeholder, QWidget *parent)
    : QLineEdit{parent}
    , m_clear{new IconButton{u"x"_s, tr("Clear"), this}}
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    m_clear->setExtent(24);
    m_clear->setFocusPolicy(Qt::NoFocus);
    m_clear->setCursor(Qt::ArrowCursor);
    m_clear->hide();
    connect(m_clear, &QAbstractButton::clicked, this, &QLineEdit::clear);
    connect(this, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_clear->setVisible(!text.isEmpty()); });
    Theme::current().follow(this, [this] {
        setFont(Theme::current().font(TextRole::Panel));
        updateMargins();
        update();
    });
}

void SearchField::updateMargins()
{
    const auto &theme = Theme::current();
    const int lead = theme.px(24);
    const int trail = qMax(theme.px(24), m_keys.isEmpty() ? 0 : keyCapsWidth(m_keys) + theme.px(2));
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    setTextMargins(rtl ? trail : lead, 0, rtl ? lead : trail, 0);
    updateGeometry();
}

void SearchField::setKeyCaps(const QStringList &keys)
{
    m_keys = keys;
    updateMargins();
    update();
}

QSize SearchField::sizeHint() const
{
    return {QLineEdit::sizeHint().width(), Theme::current().px(height::control)};
}

void SearchField::resizeEvent(QResizeEvent *event)
{
    QLineEdit::resizeEvent(event);
    const auto size = m_clear->sizeHint();
    const int inset = (height() - size.height()) / 2;
    const QRect at{width() - size.width() - inset, inset, size.width(), size.height()};
    m_clear->setGeometry(QStyle::visualRect(layoutDirection(), rect(), at));
}

void SearchField::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        updateMargins();
}

void SearchField::paintEvent(QPaintEvent *event)
{
    QLineEdit::paintEvent(event);
    const auto &theme = Theme::current();
    QPainter painter{this};
    const QRect icon{theme.px(8), 0, theme.px(18), height()};
    paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), icon), u"search"_s, 15,
              theme.tokens().text2);
    if (text().isEmpty() && !m_keys.isEmpty())
        paintKeyCaps(painter, rect().adjusted(8, 0, -8, 0), m_keys, layoutDirection());
}

void SearchField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Escape) {
        QLineEdit::keyPressEvent(event);
    } else if (text().isEmpty()) {
        Q_EMIT left();
    } else {
        clear();
    }
}

} // namespace client::widgets
