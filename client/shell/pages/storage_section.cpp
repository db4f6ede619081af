#include "client/shell/pages/storage_section.h"

#include "client/widgets/basic/text_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace client::shell {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

constexpr qint64 megabyte = 1000000;

std::vector<std::pair<QString, qint64>> sizes(std::initializer_list<int> megabytes)
{
    std::vector<std::pair<QString, qint64>> all;
    for (const int count : megabytes)
        all.emplace_back(QLocale{}.formattedDataSize(count * megabyte, 1, QLocale::DataSizeSIFormat),
                         count * megabyte);
    return all;
}

// A value from elsewhere joins the choices.
void select(QComboBox *box, qint64 value, const QString &text)
{
    auto at = box->findData(value);
    if (at < 0) {
        box->addItem(text, value);
        at = box->count() - 1;
    }
    box->setCurrentIndex(at);
}

QString sizeText(qint64 bytes)
{
    return QLocale{}.formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace

QString StorageSection::title()
{
    return tr("Offline and storage");
}

StorageSection::StorageSection(QWidget *parent) : QWidget{parent}, m_column{new QVBoxLayout{this}}
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_days = addChoice(tr("Keep resolved conversations"), "keepDays",
                       {{tr("30 days"), 30}, {tr("90 days"), 90}, {tr("A year"), 365}, {tr("All"), 0}});
    m_cache = addChoice(tr("Room for conversations"), "cacheLimit", sizes({250, 500, 1000, 2000, 5000}));
    m_files = addChoice(tr("Room for files"), "fileLimit", sizes({500, 1000, 2000, 5000, 10000}));
    m_used = new TextLabel{TextRole::Secondary, &Tokens::text2, this};
    m_used->setObjectName(QStringLiteral("storageUsed"));
    m_used->setWrapping(true);
    m_column->addWidget(m_used);
}

QComboBox *StorageSection::addChoice(const QString &label, const char *name,
                                     const std::vector<std::pair<QString, qint64>> &choices)
{
    auto *row = new QHBoxLayout;
    auto *text = new TextLabel{TextRole::Panel, &Tokens::text1, this};
    text->setText(label);
    auto *box = new QComboBox{this};
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(label);
    for (const auto &[title, value] : choices)
        box->addItem(title, value);
    row->addWidget(text, 1);
    row->addWidget(box);
    m_column->addLayout(row);
    connect(box, &QComboBox::activated, this, [this] { choose(); });
    return box;
}

void StorageSection::show(const State &state)
{
    select(m_days, state.days, tr("%n day(s)", nullptr, state.days));
    select(m_cache, state.cacheBytes, sizeText(state.cacheBytes));
    select(m_files, state.fileBytes, sizeText(state.fileBytes));
    auto text =
        tr("%1 of conversations and %2 of files are here. %L3 of %L4 conversations can be read offline; "
           "the others are fetched when you open them.")
            .arg(sizeText(state.usedCache), sizeText(state.usedFiles))
            .arg(state.withMessages)
            .arg(state.conversations);
    if (state.unreadable > 0)
        text += QLatin1Char{' '} + tr("%n change(s) came from a newer version and wait for an update.",
                                      nullptr, static_cast<int>(state.unreadable));
    m_used->setText(text);
}

void StorageSection::choose()
{
    Q_EMIT chosen(m_days->currentData().toInt(), m_cache->currentData().toLongLong(),
                  m_files->currentData().toLongLong());
}

} // namespace client::shell
