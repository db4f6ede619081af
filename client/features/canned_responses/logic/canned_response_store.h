#pragma once

#include "shared/domain/canned_responses/canned_response.h"

#include <QObject>
#include <QString>

#include <functional>
#include <string_view>
#include <vector>

namespace client::sync {
class Session;
}

namespace client::canned_responses {

/// The texts that agents insert by their short codes, in memory; mine that wait for the server included.
class CannedResponseStore : public QObject {
    Q_OBJECT

public:
    explicit CannedResponseStore(sync::Session &session, QObject *parent = nullptr);

    /// By short code.
    [[nodiscard]] const std::vector<domain::CannedResponse> &all() const { return m_all; }
    /// Those whose code or content holds the text, codes that begin with it first; at most `limit`.
    [[nodiscard]] std::vector<domain::CannedResponse> find(const QString &text, int limit = 20) const;
    /// The one with exactly this code, without regard to case; null when there is none.
    [[nodiscard]] const domain::CannedResponse *byCode(const QString &code) const;

    /// Called once it is durable; or with the refusal.
    using Answer = std::function<void(const base::Status &)>;

    /// Makes it, or replaces the one with its id; shown at once and queued. Refused with Invalid and the
    /// field, or AlreadyExists when another here has the code.
    void save(const domain::CannedResponse &response, const Answer &answer = {});
    void remove(const domain::CannedResponseId &id, const Answer &answer = {});
    /// A fresh one without texts.
    [[nodiscard]] domain::CannedResponse fresh() const;

Q_SIGNALS:
    void changed();

private:
    void load();
    void order(std::string_view op, const std::string &args, const std::string &subject,
               const Answer &answer);

    sync::Session &m_session;
    std::vector<domain::CannedResponse> m_all;
};

} // namespace client::canned_responses
