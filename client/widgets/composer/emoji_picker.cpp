#include "client/widgets/composer/emoji_picker.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/search_field.h"
#include "client/widgets/composer/emoji_model.h"
#include "client/widgets/theme/paint.h"

#include <QFile>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int cell = 38;
constexpr int columns = 8;

class EmojiDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        const int side = Theme::current().px(cell);
        return {side, side};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto &theme = Theme::current();
        painter->save();
        if (option.state & QStyle::State_Selected)
            fillRounded(*painter, option.rect.adjusted(1, 1, -1, -1), theme.px(radius::control),
                        theme.tokens().sel, theme.tokens().selLine);
        else if (option.state & QStyle::State_MouseOver)
            fillRounded(*painter, option.rect.adjusted(1, 1, -1, -1), theme.px(radius::control),
                        theme.tokens().hover);
        auto font = theme.font(TextRole::Body);
        // The emoji face first: text presentation would make some of them small and black.
        QStringList families;
        for (const char *family : emojiFamilies)
            families << QString::fromLatin1(family);
        font.setFamilies(families);
        font.setPixelSize(theme.px(21));
        painter->setFont(font);
        painter->setPen(theme.tokens().text1);
        painter->drawText(option.rect, Qt::AlignCenter, index.data().toString());
        painter->restore();
    }
};

} // namespace

namespace client::widgets {

int EmojiModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant EmojiModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &entry = m_all[m_shown[static_cast<std::size_t>(index.row())]];
    switch (role) {
    case Qt::DisplayRole:
        return entry.emoji;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return entry.name;
    default:
        return {};
    }
}

void EmojiModel::load()
{
    QFile file{u":/deskbell/emoji.tsv"_s};
    if (!file.open(QIODevice::ReadOnly))
        return;
    const auto lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    m_all.reserve(static_cast<std::size_t>(lines.size()));
    for (const auto &line : lines) {
        const auto fields = line.split(u'\t');
        if (fields.size() >= 2)
            m_all.push_back({fields[0], fields[1]});
    }
}

void EmojiModel::filter(const QString &text)
{
    beginResetModel();
    if (m_all.empty())
        load();
    m_shown.clear();
    const auto words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        const bool matches = std::all_of(words.begin(), words.end(), [&](const QString &word) {
            const auto at = m_all[i].name.indexOf(word, 0, Qt::CaseInsensitive);
            return at == 0 || (at > 0 && !m_all[i].name.at(at - 1).isLetterOrNumber());
        });
        if (matches)
            m_shown.push_back(i);
    }
    endResetModel();
}

EmojiPicker::EmojiPicker(QWidget *window)
    : Popover{window}
    , m_search{new SearchField{tr("Search emoji"), this}}
    , m_grid{new QListView{this}}
    , m_model{new EmojiModel{this}}
{
    setAccessibleName(tr("Emoji"));
    m_grid->setAccessibleName(tr("Emoji"));
    m_grid->setModel(m_model);
    m_grid->setItemDelegate(new EmojiDelegate{this});
    m_grid->setViewMode(QListView::IconMode);
    m_grid->setMovement(QListView::Static);
    m_grid->setResizeMode(QListView::Adjust);
    m_grid->setUniformItemSizes(true);
    m_grid->setFrameShape(QFrame::NoFrame);
    m_grid->setMouseTracking(true);
    m_grid->setFocusPolicy(Qt::NoFocus);
    m_grid->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_grid->viewport()->setAutoFillBackground(false);
    m_grid->viewport()->setAttribute(Qt::WA_Hover);
    new OverlayScrollBar{m_grid};
    content()->addWidget(m_search);
    content()->addWidget(m_grid);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_model->filter(text);
        m_grid->setCurrentIndex(m_model->index(0));
    });
    connect(m_search, &SearchField::left, this, &Popover::dismiss);
    connect(m_grid, &QListView::clicked, this, &EmojiPicker::pick);
    Theme::current().follow(this, [this] {
        const auto &theme = Theme::current();
        m_grid->setFixedSize(theme.px(cell) * columns + 14, theme.px(cell) * 6);
        m_grid->setGridSize({theme.px(cell), theme.px(cell)});
    });
}

void EmojiPicker::openAt(QWidget *anchor)
{
    m_search->clear();
    m_model->filter({});
    m_grid->setCurrentIndex(m_model->index(0));
    m_grid->scrollToTop();
    Popover::openAt(anchor, m_search);
}

void EmojiPicker::pick(const QModelIndex &index)
{
    const auto emoji = m_model->emoji(index);
    if (emoji.isEmpty())
        return;
    dismiss();
    Q_EMIT picked(emoji);
}

bool EmojiPicker::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_search || event->type() != QEvent::KeyPress)
        return Popover::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    int by = 0;
    switch (key->key()) {
    case Qt::Key_Down:
        by = columns;
        break;
    case Qt::Key_Up:
        by = -columns;
        break;
    case Qt::Key_Tab:
    case Qt::Key_Right:
        by = m_search->text().isEmpty() || key->key() == Qt::Key_Tab ? 1 : 0;
        break;
    case Qt::Key_Backtab:
    case Qt::Key_Left:
        by = m_search->text().isEmpty() || key->key() == Qt::Key_Backtab ? -1 : 0;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        pick(m_grid->currentIndex());
        return true;
    default:
        break;
    }
    if (by == 0)
        return Popover::eventFilter(watched, event);
    const int row = qBound(0, m_grid->currentIndex().row() + by, m_model->rowCount() - 1);
    m_grid->setCurrentIndex(m_model->index(row));
    return true;
}

} // namespace client::widgets
