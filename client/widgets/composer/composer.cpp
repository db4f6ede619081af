#include "client/widgets/composer/composer.h"

#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/tab_track.h"
#include "client/widgets/composer/attachment_chips.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/composer/emoji_picker.h"
#include "client/widgets/composer/key_caps.h"
#include "client/widgets/theme/paint.h"

#include <QAbstractTextDocumentLayout>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPainter>
#include <QStyle>
#include <QTextBlock>
#include <QTextDocument>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int marginX = 20;
constexpr int marginBottom = 18;
constexpr int gap = 8;
constexpr double lineSpacing = 142;

std::size_t at(ComposerMode mode)
{
    return static_cast<std::size_t>(mode);
}

// Line height lives in the block format; setting it must not become an undo step.
void format(QTextDocument &document)
{
    document.setUndoRedoEnabled(false);
    document.setDefaultFont(Theme::current().font(TextRole::Body));
    document.setDocumentMargin(0);
    QTextCursor cursor{&document};
    cursor.select(QTextCursor::Document);
    QTextBlockFormat block;
    block.setLineHeight(lineSpacing, QTextBlockFormat::ProportionalHeight);
    cursor.mergeBlockFormat(block);
    document.setUndoRedoEnabled(true);
}

} // namespace

namespace client::widgets {

KeyCaps::KeyCaps(QWidget *parent) : QWidget{parent}
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] { updateGeometry(); });
}

void KeyCaps::setKeys(const QStringList &keys)
{
    m_keys = keys;
    setAccessibleName(keys.join(u'+'));
    updateGeometry();
    update();
}

QSize KeyCaps::sizeHint() const
{
    return {keyCapsWidth(m_keys), Theme::current().px(20)};
}

void KeyCaps::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    paintKeyCaps(painter, rect(), m_keys, layoutDirection());
}

Composer::Composer(QWidget *parent) : QWidget{parent}
{
    for (auto *&document : m_documents) {
        document = new QTextDocument{this};
        format(*document);
    }
    m_placeholders = {tr("Write a reply"), tr("Write a note that only your team sees")};
    setAcceptDrops(true);
    build();
    connectParts();
    setAccessibleName(tr("Composer"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setEnterSends(false);
    Theme::current().follow(this, [this] { applyTheme(); });
}

Composer::~Composer() = default;

void Composer::build()
{
    auto *layout = new QVBoxLayout{this};
    layout->setContentsMargins(marginX, 4, marginX, marginBottom);
    layout->setSpacing(10);
    m_strip = new Banner{Tone::Warn, this};
    m_strip->hide();
    layout->addWidget(m_strip);

    m_frame = new QWidget{this};
    layout->addWidget(m_frame);
    auto *inside = new QVBoxLayout{m_frame};
    inside->addWidget(buildHead());

    m_edit = new ComposerEdit{m_frame};
    m_edit->installEventFilter(this);
    new OverlayScrollBar{m_edit};
    m_text = new QHBoxLayout;
    m_text->addWidget(m_edit);
    inside->addLayout(m_text);

    m_chips = new AttachmentChips{m_frame};
    inside->addWidget(m_chips);
    inside->addWidget(buildTools());
}

QWidget *Composer::buildHead()
{
    auto *head = new QWidget{m_frame};
    auto *layout = new QHBoxLayout{head};
    layout->setContentsMargins(2, 0, 0, 0);
    layout->setSpacing(8);
    m_tabs = new TabTrack{TabTrack::Look::Inline, head};
    m_tabs->setTabs({{u"reply"_s, tr("Reply")}, {u"note"_s, tr("Private note")}});
    m_tabs->setAmber(u"note"_s);
    m_tabs->setAccessibleName(tr("Kind of message"));
    m_recipient = new Button{ButtonKind::Quiet, QString{}, head};
    m_recipient->setQuietText();
    m_recipient->hide();
    layout->addWidget(m_tabs);
    layout->addStretch(1);
    layout->addWidget(m_recipient);
    return head;
}

QWidget *Composer::buildTools()
{
    auto *row = new QWidget{m_frame};
    auto *layout = new QHBoxLayout{row};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_tools = new QHBoxLayout;
    m_tools->setSpacing(2);
    layout->addLayout(m_tools);
    layout->addStretch(1);
    auto *attach = addTool(u"paperclip"_s, tr("Attach a file"));
    attach->setKeyHint(u"Ctrl+Shift+A"_s);
    connect(attach, &QAbstractButton::clicked, this, &Composer::attachRequested);
    m_emojiButton = addTool(u"smile"_s, tr("Insert an emoji"));
    m_keys = new KeyCaps{row};
    layout->addWidget(m_keys);
    layout->addSpacing(10);
    m_send = new SplitButton{ButtonKind::Primary, tr("Send"), row};
    m_send->main()->setIconName(u"send"_s);
    layout->addWidget(m_send);
    return row;
}

void Composer::connectParts()
{
    connect(m_tabs, &TabTrack::currentChanged, this, [this](const QString &id) {
        setMode(id == u"note"_s ? ComposerMode::Note : ComposerMode::Reply);
        m_edit->setFocus(Qt::OtherFocusReason);
    });
    connect(m_strip, &Banner::actionTriggered, this, &Composer::stripActionTriggered);
    connect(m_recipient, &QAbstractButton::clicked, this, &Composer::recipientClicked);
    connect(m_send, &SplitButton::clicked, this, &Composer::requestSend);
    connect(m_edit, &ComposerEdit::sendRequested, this, &Composer::requestSend);
    connect(m_edit, &ComposerEdit::filesGiven, this, &Composer::filesGiven);
    connect(m_edit, &ComposerEdit::imageGiven, this, &Composer::imageGiven);
    connect(m_edit, &ComposerEdit::editLastRequested, this, &Composer::editLastRequested);
    connect(m_edit, &ComposerEdit::left, this, &Composer::left);
    connect(m_chips, &AttachmentChips::removed, this, &Composer::attachmentRemoved);
    connect(m_chips, &AttachmentChips::retried, this, &Composer::attachmentRetried);
    for (auto *document : m_documents)
        connect(document->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
                &Composer::updateHeight);
    connect(m_edit, &QTextEdit::textChanged, this, [this] {
        updateSend();
        updateHeight();
        if (!m_silent)
            Q_EMIT textEdited(text());
    });
    connect(m_emojiButton, &QAbstractButton::clicked, this, [this] {
        if (!m_emoji) {
            m_emoji = new EmojiPicker{window()};
            connect(m_emoji, &EmojiPicker::picked, this, [this](const QString &emoji) {
                insertText(emoji);
                m_edit->setFocus(Qt::OtherFocusReason);
            });
        }
        m_emoji->openAt(m_emojiButton);
    });
}

void Composer::applyTheme()
{
    const auto &theme = Theme::current();
    m_frame->layout()->setContentsMargins(theme.px(10), theme.px(8), theme.px(10), theme.px(10));
    m_frame->layout()->setSpacing(theme.px(gap));
    m_text->setContentsMargins(theme.px(6), theme.px(4), 0, 0);
    // Formatting forgets what can be undone; a change of colours needs none.
    for (auto *document : m_documents) {
        if (document->defaultFont() != theme.font(TextRole::Body))
            format(*document);
    }
    showMode();
    updateHeight();
}

void Composer::showMode()
{
    const auto &t = Theme::current().tokens();
    const bool note = m_mode == ComposerMode::Note;
    m_silent = true;
    if (m_edit->document() != m_documents[at(m_mode)])
        m_edit->setDocument(m_documents[at(m_mode)]);
    m_silent = false;
    m_edit->setAccessibleName(note ? tr("Private note") : tr("Reply"));
    m_edit->setPlaceholderText(m_placeholders[at(m_mode)]);
    auto shades = palette();
    shades.setColor(QPalette::Base, note ? t.noteBg : t.raised);
    shades.setColor(QPalette::Text, note ? t.noteText : t.text1);
    shades.setColor(QPalette::PlaceholderText, t.text3);
    m_edit->setPalette(shades);
    m_tabs->setCurrent(note ? u"note"_s : u"reply"_s);
    m_send->main()->setText(note ? tr("Add note") : tr("Send"));
    m_send->main()->setIconName(note ? u"lock"_s : u"send"_s);
    m_send->main()->updateGeometry();
    updateSend();
    updateHeight();
    update();
}

QString Composer::text(ComposerMode mode) const
{
    return m_documents[at(mode)]->toPlainText();
}

void Composer::setMode(ComposerMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    showMode();
    Q_EMIT modeChanged(mode);
}

void Composer::setText(ComposerMode mode, const QString &text)
{
    auto *document = m_documents[at(mode)];
    if (document->toPlainText() == text)
        return;
    m_silent = true;
    document->setPlainText(text);
    format(*document);
    if (mode == m_mode)
        m_edit->moveCursor(QTextCursor::End);
    m_silent = false;
}

void Composer::insertText(const QString &text)
{
    m_edit->textCursor().insertText(text);
    m_edit->ensureCursorVisible();
}

void Composer::setPlaceholder(ComposerMode mode, const QString &text)
{
    m_placeholders[at(mode)] = text;
    if (mode == m_mode)
        m_edit->setPlaceholderText(text);
}

void Composer::setRecipient(const QString &text)
{
    m_recipient->setText(text);
    m_recipient->setVisible(!text.isEmpty());
    m_recipient->updateGeometry();
}

void Composer::setAttachments(const std::vector<ComposerAttachment> &attachments)
{
    m_hasFiles = !attachments.empty();
    m_chips->setAttachments(attachments);
    updateSend();
    updateHeight();
}

void Composer::setSendAllowed(bool allowed)
{
    m_allowed = allowed;
    updateSend();
}

void Composer::setSendMenu(QMenu *menu)
{
    m_send->setMenu(menu);
}

void Composer::setStrip(const QString &text, const QString &action)
{
    m_strip->setMessage(u"cloud-off"_s, text, action);
    m_strip->setVisible(!text.isEmpty());
}

void Composer::setEnterSends(bool sends)
{
    m_edit->setEnterSends(sends);
    m_keys->setKeys(sends ? QStringList{u"\u21B5"_s} : QStringList{tr("Ctrl"), u"\u21B5"_s});
}

void Composer::setHeightLimit(int height)
{
    m_limit = height;
    updateHeight();
}

IconButton *Composer::addTool(const QString &icon, const QString &name)
{
    auto *tool = new IconButton{icon, name, m_frame};
    m_tools->addWidget(tool);
    return tool;
}

void Composer::requestSend()
{
    if (m_send->isEnabled())
        Q_EMIT sendRequested(m_mode);
}

void Composer::updateSend()
{
    m_send->setEnabled(m_allowed && (m_hasFiles || !text().trimmed().isEmpty()));
}

void Composer::updateHeight()
{
    const auto &theme = Theme::current();
    const int line = theme.lineHeight(TextRole::Body);
    const int wanted = static_cast<int>(m_documents[at(m_mode)]->size().height()) + 4;
    const int chrome = theme.px(26 + height::control + 56) + m_chips->heightForWidth(m_frame->width());
    const int most = qMax(2 * line, m_limit - chrome);
    m_edit->setFixedHeight(qBound(qMin(theme.px(64), most), wanted, most));
    // The layout would do this later; the thread above must not be painted twice.
    updateGeometry();
}

void Composer::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    const bool note = m_mode == ComposerMode::Note;
    QPainter painter{this};
    const auto card = m_frame->geometry();
    const int corner = theme.px(radius::composer);
    paintShadow(painter, card, corner, ShadowKind::Composer);
    const auto edge = note ? t.warn : t.borderControl;
    fillRounded(painter, card, corner, note ? t.noteBg : t.raised, edge);
}

void Composer::resizeEvent(QResizeEvent *)
{
    updateHeight();
}

void Composer::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() || event->mimeData()->hasImage())
        event->acceptProposedAction();
}

void Composer::dropEvent(QDropEvent *event)
{
    QList<QUrl> files;
    for (const auto &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            files << url;
    }
    if (!files.isEmpty())
        Q_EMIT filesGiven(files);
    else if (event->mimeData()->hasImage())
        Q_EMIT imageGiven(qvariant_cast<QImage>(event->mimeData()->imageData()));
    event->acceptProposedAction();
}

bool Composer::eventFilter(QObject *watched, QEvent *event)
{
    // The wrapped height is known only once the editor has its width.
    if (watched == m_edit && event->type() == QEvent::Resize)
        QMetaObject::invokeMethod(
            this, [this] { updateHeight(); }, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

} // namespace client::widgets
