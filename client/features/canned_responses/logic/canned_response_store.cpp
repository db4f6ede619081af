#include "client/features/canned_responses/logic/canned_response_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"
#include "shared/base/json.h"
#include "shared/protocol/canned_responses/canned_messages.h"

#include <algorithm>

namespace client::canned_responses {

CannedResponseStore::CannedResponseStore(sync::Session &session, QObject *parent)
    : QObject{parent}
    , m_session{session}
{
    load();
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(), [](const auto &change) {
                return change.type == protocol::EntityType::CannedResponse;
            }))
            load();
    });
    connect(&session, &sync::Session::reset, this, &CannedResponseStore::load);
}

void CannedResponseStore::load()
{
    m_all = m_session.reader().cannedResponses();
    Q_EMIT changed();
}

std::vector<domain::CannedResponse> CannedResponseStore::find(const QString &text, int limit) const
{
    std::vector<domain::CannedResponse> first;
    std::vector<domain::CannedResponse> others;
    for (const auto &response : m_all) {
        const auto code = QString::fromStdString(response.shortCode);
        if (code.startsWith(text, Qt::CaseInsensitive))
            first.push_back(response);
        else if (code.contains(text, Qt::CaseInsensitive) ||
                 QString::fromStdString(response.content).contains(text, Qt::CaseInsensitive))
            others.push_back(response);
    }
    first.insert(first.end(), others.begin(), others.end());
    if (first.size() > static_cast<std::size_t>(limit))
        first.resize(static_cast<std::size_t>(limit));
    return first;
}

const domain::CannedResponse *CannedResponseStore::byCode(const QString &code) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&code](const auto &response) {
        return QString::fromStdString(response.shortCode).compare(code, Qt::CaseInsensitive) == 0;
    });
    return found == m_all.end() ? nullptr : &*found;
}

void CannedResponseStore::save(const domain::CannedResponse &response, const Answer &answer)
{
    const auto refuse = [&answer](const base::Error &error) {
        if (answer)
            answer(error);
    };
    const auto fine = domain::checked(response);
    if (!fine)
        return refuse(fine.error());
    const auto *other = byCode(QString::fromStdString(fine->shortCode));
    if (other && other->id != fine->id)
        return refuse({base::ErrorCode::AlreadyExists, "short_code"});
    order(protocol::SaveCannedResponse::name,
          base::toText(protocol::toJson(protocol::SaveCannedResponse{*fine})), fine->shortCode, answer);
}

void CannedResponseStore::remove(const domain::CannedResponseId &id, const Answer &answer)
{
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&id](const auto &response) { return response.id == id; });
    order(protocol::DeleteCannedResponse::name,
          base::toText(protocol::toJson(protocol::DeleteCannedResponse{id})),
          found == m_all.end() ? std::string{} : found->shortCode, answer);
}

domain::CannedResponse CannedResponseStore::fresh() const
{
    domain::CannedResponse response;
    response.id = {m_session.newId()};
    return response;
}

void CannedResponseStore::order(std::string_view op, const std::string &args, const std::string &subject,
                                const Answer &answer)
{
    sync::Order order;
    order.mid = m_session.newId();
    order.lane = "ac";
    order.op = op;
    order.args = args;
    order.subject = "/" + subject;
    m_session.submit(order, answer);
}

} // namespace client::canned_responses
