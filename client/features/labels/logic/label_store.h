#pragma once

#include "shared/domain/labels/label.h"

#include <QObject>
#include <QString>

#include <vector>

namespace client::sync {
class Session;
}

namespace client::labels {

/// The labels the account defined, in memory.
class LabelStore : public QObject {
    Q_OBJECT

public:
    explicit LabelStore(sync::Session &session, QObject *parent = nullptr);

    /// By title.
    [[nodiscard]] const std::vector<domain::Label> &all() const { return m_all; }
    /// "#1F93FF"; a quiet grey for a title that the account never defined.
    [[nodiscard]] QString colorOf(const std::string &title) const;

Q_SIGNALS:
    void changed();

private:
    void load();

    sync::Session &m_session;
    std::vector<domain::Label> m_all;
};

} // namespace client::labels
