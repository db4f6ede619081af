#include "client/widgets/composer/attachment_chips.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int chipHeight = 36;
constexpr int maxName = 180;
constexpr int gap = 6;

class Chip : public QWidget {
public:
    Chip(ComposerAttachment attachment, QWidget *parent)
        : QWidget{parent}
        , m_attachment{std::move(attachment)}
        , m_remove{new IconButton{u"x"_s, AttachmentChips::tr("Remove %1").arg(m_attachment.name), this}}
    {
        m_remove->setExtent(24);
        setAccessibleName(stateText());
        if (m_attachment.failed) {
            m_retry = new IconButton{u"rotate-ccw"_s,
                                     AttachmentChips::tr("Try %1 again").arg(m_attachment.name), this};
            m_retry->setExtent(24);
            m_retry->setTone(Tone::Bad);
        }
    }

    IconButton *removeButton() const { return m_remove; }
    IconButton *retryButton() const { return m_retry; }

    QSize sizeHint() const override
    {
        const auto &theme = Theme::current();
        const int name = qMin(textWidth(m_attachment.name, TextRole::Chip), theme.px(maxName));
        const int detail = textWidth(m_attachment.detail, TextRole::Meta);
        const int buttons = theme.px(m_retry ? 52 : 28);
        return {theme.px(34) + name + (detail > 0 ? detail + theme.px(8) : 0) + buttons,
                theme.px(chipHeight)};
    }

protected:
    void resizeEvent(QResizeEvent *) override
    {
        const auto size = m_remove->sizeHint();
        const int y = (height() - size.height()) / 2;
        QRect at{width() - size.width() - y / 2, y, size.width(), size.height()};
        m_remove->setGeometry(QStyle::visualRect(layoutDirection(), rect(), at));
        if (m_retry)
            m_retry->setGeometry(
                QStyle::visualRect(layoutDirection(), rect(), at.translated(-size.width(), 0)));
    }

    void paintEvent(QPaintEvent *) override
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        QPainter painter{this};
        const auto visual = [this](const QRect &r) {
            return QStyle::visualRect(layoutDirection(), rect(), r);
        };
        fillRounded(painter, rect(), theme.px(radius::control), m_attachment.failed ? t.badSoft : t.sunken,
                    m_attachment.failed ? t.bad : t.borderDefault);
        const QRect icon{theme.px(8), 0, theme.px(18), height()};
        paintIcon(painter, visual(icon), m_attachment.failed ? u"circle-alert"_s : u"file"_s, 15,
                  m_attachment.failed ? t.bad : t.text2);
        QRect rest{theme.px(32), 0, width() - theme.px(32) - theme.px(m_retry ? 52 : 28), height()};
        const int detail = textWidth(m_attachment.detail, TextRole::Meta);
        if (detail > 0) {
            const QRect at{rest.right() - detail, 0, detail + 1, height()};
            paintText(painter, visual(at), Qt::AlignTrailing | Qt::AlignVCenter, m_attachment.detail,
                      TextRole::Meta, m_attachment.failed ? t.bad : t.text3, layoutDirection());
            rest.setRight(at.left() - theme.px(8));
        }
        paintText(painter, visual(rest), Qt::AlignLeading | Qt::AlignVCenter, m_attachment.name,
                  TextRole::Chip, t.text1, layoutDirection());
        if (m_attachment.progress < 0)
            return;
        const QRect track{theme.px(8), height() - 5, width() - theme.px(16), 2};
        fillRounded(painter, track, 1, t.borderDefault);
        QRect done = track;
        done.setWidth(track.width() * qBound(0, m_attachment.progress, 100) / 100);
        fillRounded(painter, visual(done), 1, t.accentFill);
    }

private:
    QString stateText() const
    {
        if (m_attachment.failed)
            return AttachmentChips::tr("%1, failed: %2").arg(m_attachment.name, m_attachment.detail);
        if (m_attachment.progress >= 0)
            return AttachmentChips::tr("%1, %2 % uploaded").arg(m_attachment.name).arg(m_attachment.progress);
        return AttachmentChips::tr("%1, %2").arg(m_attachment.name, m_attachment.detail);
    }

    ComposerAttachment m_attachment;
    IconButton *m_remove;
    IconButton *m_retry = nullptr;
};

} // namespace

namespace client::widgets {

AttachmentChips::AttachmentChips(QWidget *parent) : QWidget{parent}
{
    setAccessibleName(tr("Attachments"));
    auto policy = QSizePolicy{QSizePolicy::Preferred, QSizePolicy::Fixed};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    hide();
}

void AttachmentChips::setAttachments(const std::vector<ComposerAttachment> &attachments)
{
    // A click on "remove" may lead here: the old chips must outlive their own signal.
    for (auto *chip : m_chips) {
        chip->hide();
        chip->deleteLater();
    }
    m_chips.clear();
    for (const auto &attachment : attachments) {
        auto *chip = new Chip{attachment, this};
        connect(chip->removeButton(), &QAbstractButton::clicked, this,
                [this, id = attachment.id] { Q_EMIT removed(id); });
        if (chip->retryButton())
            connect(chip->retryButton(), &QAbstractButton::clicked, this,
                    [this, id = attachment.id] { Q_EMIT retried(id); });
        chip->show();
        m_chips.push_back(chip);
    }
    setVisible(!m_chips.empty());
    place(width(), true);
    updateGeometry();
}

int AttachmentChips::place(int width, bool apply) const
{
    int x = 0;
    int y = 0;
    const int line = Theme::current().px(chipHeight);
    for (auto *chip : m_chips) {
        const int wide = qMin(chip->sizeHint().width(), qMax(width, 40));
        if (x > 0 && x + wide > width) {
            x = 0;
            y += line + gap;
        }
        if (apply)
            chip->setGeometry(
                QStyle::visualRect(layoutDirection(), QRect{0, 0, width, height()}, {x, y, wide, line}));
        x += wide + gap;
    }
    return m_chips.empty() ? 0 : y + line;
}

int AttachmentChips::heightForWidth(int width) const
{
    return place(width, false);
}

QSize AttachmentChips::sizeHint() const
{
    return {200, place(qMax(200, width()), false)};
}

void AttachmentChips::resizeEvent(QResizeEvent *)
{
    place(width(), true);
}

} // namespace client::widgets
