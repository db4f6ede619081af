#include "client/features/labels/logic/label_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <algorithm>

namespace client::labels {

LabelStore::LabelStore(sync::Session &session, QObject *parent) : QObject{parent}, m_session{session}
{
    load();
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(),
                        [](const auto &change) { return change.type == protocol::EntityType::Label; }))
            load();
    });
    connect(&session, &sync::Session::reset, this, &LabelStore::load);
}

void LabelStore::load()
{
    m_all = m_session.reader().labels();
    Q_EMIT changed();
}

QString LabelStore::colorOf(const std::string &title) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(),
                                    [&title](const domain::Label &label) { return label.title == title; });
    return found == m_all.end() ? QStringLiteral("#8A8F98") : QString::fromStdString(found->color);
}

} // namespace client::labels
