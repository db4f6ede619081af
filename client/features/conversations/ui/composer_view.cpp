#include "client/features/conversations/ui/composer_view.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QImage>
#include <QTemporaryDir>
#include <QVBoxLayout>

namespace client::conversations {

using Mode = ComposerPresenter::Mode;
using widgets::ComposerMode;

namespace {

ComposerMode boxMode(Mode mode)
{
    return mode == Mode::Note ? ComposerMode::Note : ComposerMode::Reply;
}

} // namespace

ComposerView::ComposerView(ComposerPresenter &presenter, QWidget *parent)
    : QWidget{parent}
    , m_presenter{presenter}
    , m_box{new widgets::Composer{this}}
    , m_asking{makeQuestion()}
{
    setObjectName(QStringLiteral("composerPane"));
    m_box->setObjectName(QStringLiteral("composer"));
    m_box->edit()->setObjectName(QStringLiteral("composerText"));
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_asking);
    column->addWidget(m_box);
    connectBox();
    connect(&presenter, &ComposerPresenter::stateChanged, this, &ComposerView::render);
    render(presenter.state(), true);
}

ComposerView::~ComposerView() = default;

// Something came while this was typed: the send has stopped.
QWidget *ComposerView::makeQuestion()
{
    auto *bar = new QWidget{this};
    bar->setObjectName(QStringLiteral("sendQuestion"));
    auto *row = new QHBoxLayout{bar};
    row->setContentsMargins(24, 8, 20, 4);
    row->setSpacing(6);
    m_question = new widgets::TextLabel{widgets::TextRole::Panel, &widgets::Tokens::warn, bar};
    m_question->setIconName(QStringLiteral("hourglass"));
    m_question->setWrapping(true);
    row->addWidget(m_question, 1);
    auto *anyway = new widgets::Button{widgets::ButtonKind::Outline, tr("Send anyway"), bar};
    anyway->setObjectName(QStringLiteral("sendAnyway"));
    connect(anyway, &QAbstractButton::clicked, &m_presenter, &ComposerPresenter::sendAnyway);
    row->addWidget(anyway);
    auto *edit = new widgets::Button{widgets::ButtonKind::Quiet, tr("Keep editing"), bar};
    edit->setObjectName(QStringLiteral("keepEditing"));
    connect(edit, &QAbstractButton::clicked, this, [this] {
        m_presenter.keepEditing();
        m_box->edit()->setFocus(Qt::OtherFocusReason);
    });
    row->addWidget(edit);
    bar->hide();
    return bar;
}

void ComposerView::connectBox()
{
    using widgets::Composer;
    connect(m_box, &Composer::textEdited, &m_presenter, &ComposerPresenter::edit);
    connect(m_box, &Composer::textEdited, this, [this](const QString &text) {
        if (text == QStringLiteral("/"))
            Q_EMIT cannedRequested();
    });
    connect(m_box, &Composer::modeChanged, this, [this](ComposerMode mode) {
        m_presenter.setMode(mode == ComposerMode::Note ? Mode::Note : Mode::Reply);
    });
    connect(m_box, &Composer::sendRequested, this, [this] { m_presenter.send(); });
    connect(m_box, &Composer::attachRequested, this, &ComposerView::chooseFiles);
    connect(m_box, &Composer::attachmentRemoved, &m_presenter, &ComposerPresenter::detach);
    connect(m_box, &Composer::filesGiven, this, [this](const QList<QUrl> &files) {
        for (const auto &file : files)
            if (file.isLocalFile())
                m_presenter.attach(file.toLocalFile());
    });
    connect(m_box, &Composer::imageGiven, this, &ComposerView::attachImage);
    connect(m_box, &Composer::recipientClicked, this, &ComposerView::recipientClicked);
    connect(m_box, &Composer::stripActionTriggered, this, &ComposerView::stripClicked);
    connect(m_box, &Composer::editLastRequested, this, &ComposerView::editLastRequested);
    connect(m_box, &Composer::left, this, &ComposerView::left);
}

void ComposerView::chooseFiles()
{
    auto *dialog = new QFileDialog{this, tr("Attach files")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &paths) {
        for (const auto &path : paths)
            m_presenter.attach(path);
        m_box->edit()->setFocus(Qt::OtherFocusReason);
    });
    dialog->open();
}

void ComposerView::attachImage(const QImage &image)
{
    if (!m_pasted)
        m_pasted = std::make_unique<QTemporaryDir>();
    const auto path = m_pasted->filePath(tr("Picture %1").arg(++m_pictures) + QStringLiteral(".png"));
    if (image.save(path))
        m_presenter.attach(path);
}

void ComposerView::setContact(const QString &name)
{
    m_box->setPlaceholder(ComposerMode::Reply,
                          name.isEmpty() ? tr("Write a reply") : tr("Reply to %1…").arg(name));
}

void ComposerView::setStrip(const QString &text, const QString &action)
{
    m_strip = text;
    m_stripAction = action;
    showStrip();
}

void ComposerView::showStrip()
{
    const auto &state = m_presenter.state();
    if (!state.error.isEmpty())
        m_box->setStrip(state.error);
    else if (!state.closed.isEmpty() && state.mode == Mode::Reply)
        m_box->setStrip(state.closed);
    else
        m_box->setStrip(m_strip, m_stripAction);
}

QString ComposerView::text() const
{
    return m_box->text();
}

void ComposerView::insertCanned(const QString &content)
{
    if (m_box->text() == QStringLiteral("/"))
        m_box->edit()->selectAll(); // the insertion takes its place, and one undo brings it back
    m_box->insertText(content);
    m_box->edit()->setFocus(Qt::OtherFocusReason);
}

void ComposerView::setSendMenu(QMenu *menu)
{
    m_box->setSendMenu(menu);
}

void ComposerView::focus(Mode mode)
{
    if (!m_presenter.state().enabled)
        return;
    m_box->setMode(boxMode(mode));
    m_presenter.setMode(mode);
    m_box->edit()->setFocus(Qt::ShortcutFocusReason);
}

void ComposerView::render(const ComposerPresenter::State &state, bool textReplaced)
{
    setEnabled(state.enabled);
    if (textReplaced) {
        for (const auto mode : {Mode::Reply, Mode::Note})
            if (const auto &text = state.text[static_cast<std::size_t>(mode)];
                m_box->text(boxMode(mode)) != text)
                m_box->setText(boxMode(mode), text);
    }
    if (m_box->mode() != boxMode(state.mode))
        m_box->setMode(boxMode(state.mode));
    m_box->setRecipient(state.recipient);
    std::vector<widgets::ComposerAttachment> chips;
    for (const auto &one : state.attachments)
        chips.push_back({one.id, one.name, one.detail, one.progress, one.failed});
    m_box->setAttachments(chips);
    m_box->setSendAllowed(state.canSend);
    m_question->setText(state.question);
    m_asking->setVisible(!state.question.isEmpty());
    showStrip();
}

} // namespace client::conversations
