#pragma once

#include <QWidget>

#include <vector>

class QComboBox;
class QVBoxLayout;

namespace client::widgets {
class TextLabel;
}

namespace client::shell {

/// How much of what the server said stays on this computer: shown and chosen. Knows numbers only.
class StorageSection : public QWidget {
    Q_OBJECT

public:
    /// What stands above it.
    [[nodiscard]] static QString title();

    struct State {
        int days = 90; ///< 0: resolved conversations are kept for ever
        qint64 cacheBytes = 0;
        qint64 fileBytes = 0;
        qint64 usedCache = 0;
        qint64 usedFiles = 0;
        qint64 conversations = 0;
        qint64 withMessages = 0; ///< of them can be read offline
        qint64 unreadable = 0;   ///< rows of a newer version
    };

    explicit StorageSection(QWidget *parent = nullptr);

    void show(const State &state);

Q_SIGNALS:
    /// The person chose; takes effect at once.
    void chosen(int days, qint64 cacheBytes, qint64 fileBytes);

private:
    QComboBox *addChoice(const QString &label, const char *name,
                         const std::vector<std::pair<QString, qint64>> &choices);
    void choose();

    QVBoxLayout *m_column;
    QComboBox *m_days;
    QComboBox *m_cache;
    QComboBox *m_files;
    widgets::TextLabel *m_used;
};

} // namespace client::shell
