#include "server/features/client_api/cable_core.h"

#include "server/features/client_api/cable_news.h"
#include "server/features/client_api/pubsub_token.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/sync/core_tasks.h"
#include "shared/base/json.h"
#include "shared/protocol/close_code.h"

#include <algorithm>
#include <map>
#include <utility>

namespace server::client_api {

namespace {

using ports::SocketId;
using protocol::CloseCode;

constexpr std::size_t maxFrameBytes = 4 << 10;
constexpr std::size_t maxIdentifier = 512;
constexpr ports::Rate commandRate{20, base::Duration{500}}; // of one socket

base::Json farewell(const char *reason, bool comeBack)
{
    return {{"type", "disconnect"}, {"reason", reason}, {"reconnect", comeBack}};
}

} // namespace

class CableCore::Impl {
public:
    Impl(CableParts parts, CableSettings settings);

    void opened(SocketId socket, const std::string &origin);
    void received(SocketId socket, std::string_view text);
    void closed(SocketId socket);
    void drain(base::Duration window);
    void sendAway(SocketId socket, const char *reason, bool comeBack, CloseCode code);

private:
    struct Connection {
        std::string origin;
        base::TimerId deadline; ///< by which there must be a subscription
    };

    void listen();
    void ping();
    void subscribe(SocketId socket, const std::string &identifier);
    void unsubscribe(SocketId socket, const std::string &identifier);
    void perform(SocketId socket, const std::string &identifier, const base::Json &frame);
    void reject(SocketId socket, const std::string &identifier);
    void leave(SocketId socket, const std::string &identifier);
    void tell(SocketId socket, const base::Json &json) { m_parts.sink.send(socket, frameOf(json)); }
    void contactsChanged(sync::AccountNumber account, const std::vector<base::Uuid> &ids);
    static std::optional<CableRoom> roomOf(storage::Transaction &tx, std::int64_t placeNumber);

    CableParts m_parts;
    CableSettings m_settings;
    sync::CoreTasks m_tasks;
    CableRooms m_rooms;
    CableNews m_news;
    std::map<SocketId, Connection> m_connections;
    bool m_pinging = false;
    bool m_draining = false;
};

CableCore::Impl::Impl(CableParts parts, CableSettings settings)
    : m_parts{parts}
    , m_settings{settings}
    , m_tasks{m_parts.scheduler}
    , m_news{m_parts, m_rooms}
{
    listen();
}

// The listeners live as long as the executor and Ephemera; the core may be gone before.
void CableCore::Impl::listen()
{
    m_parts.executor.onCommit([this, post = m_tasks.poster()](const sync::Committed &committed) {
        auto changes = cableChanges(committed);
        if (changes.items.empty() && changes.contacts.empty())
            return;
        post([this, account = committed.account, changes = std::move(changes)] {
            contactsChanged(account, changes.contacts);
            m_news.committed(account, changes.items);
        });
    });
    m_parts.ephemera.listen([this, post = m_tasks.poster()](const sync::EphemeralEvent &event) {
        if (event.byUser && event.kind != sync::EphemeralEvent::Kind::Viewing)
            post([this, event] { m_news.ephemeral(event); });
    });
}

void CableCore::Impl::opened(SocketId socket, const std::string &origin)
{
    const auto deadline = m_tasks.after(m_settings.subscribeWithin, [this, socket] {
        if (m_connections.contains(socket) && m_rooms.ofSocket(socket).empty())
            sendAway(socket, "nothing_subscribed", false, CloseCode::HelloExpected);
    });
    m_connections[socket] = {origin, deadline};
    if (m_draining) {
        sendAway(socket, "server_restart", true, CloseCode::GoingAway);
        return;
    }
    tell(socket, {{"type", "welcome"}});
    if (!std::exchange(m_pinging, true))
        m_tasks.after(m_settings.pingEvery, [this] { ping(); });
}

void CableCore::Impl::ping()
{
    m_pinging = !m_connections.empty();
    if (!m_pinging)
        return;
    const auto frame = frameOf({{"type", "ping"}, {"message", base::toMs(m_parts.clock.now()) / 1000}});
    for (const auto &[socket, connection] : m_connections)
        m_parts.sink.send(socket, frame);
    m_tasks.after(m_settings.pingEvery, [this] { ping(); });
}

void CableCore::Impl::received(SocketId socket, std::string_view text)
{
    if (!m_connections.contains(socket))
        return;
    if (m_parts.limiter.take("cable:" + std::to_string(socket), commandRate)) {
        sendAway(socket, "rate", true, CloseCode::Limit);
        return;
    }
    const auto frame = base::parseJson(text, {maxFrameBytes, 4});
    const auto command = frame ? base::textField(*frame, "command").value_or("") : "";
    const auto identifier = frame ? base::textField(*frame, "identifier").value_or("") : "";
    if (identifier.empty() || identifier.size() > maxIdentifier)
        sendAway(socket, "invalid_request", false, CloseCode::BadFrame);
    else if (command == "subscribe")
        subscribe(socket, identifier);
    else if (command == "unsubscribe")
        unsubscribe(socket, identifier);
    else if (command == "message")
        perform(socket, identifier, *frame);
    else
        sendAway(socket, "invalid_request", false, CloseCode::BadFrame);
}

void CableCore::Impl::subscribe(SocketId socket, const std::string &identifier)
{
    if (m_rooms.find(socket, identifier))
        return; // asked twice: confirmed already
    const auto params = base::parseJson(identifier, {maxIdentifier, 2});
    const bool isRoom = params && base::textField(*params, "channel") == "RoomChannel";
    const auto place =
        isRoom ? placeOfToken(m_parts.crypto, base::textField(*params, "pubsub_token").value_or(""))
               : std::nullopt;
    const bool isMuch = m_rooms.ofSocket(socket).size() >= m_settings.maxRoomsPerSocket ||
                        (place && m_rooms.ofPlace(*place) >= m_settings.maxRoomsPerContact);
    if (!place || isMuch) {
        reject(socket, identifier);
        return;
    }
    std::optional<CableRoom> room;
    m_parts.database.read([&](storage::Transaction &tx) {
        room = roomOf(tx, *place);
        if (room)
            CableNews::begin(tx, *room);
    });
    if (!room) {
        reject(socket, identifier);
        return;
    }
    room->socket = socket;
    room->identifier = identifier;
    room->origin = m_connections.at(socket).origin;
    const auto &kept = m_rooms.add(std::move(*room));
    tell(socket, {{"identifier", identifier}, {"type", "confirm_subscription"}});
    m_parts.ephemera.connected(kept.account, false, kept.contact);
    m_news.presence(kept);
}

std::optional<CableRoom> CableCore::Impl::roomOf(storage::Transaction &tx, std::int64_t placeNumber)
{
    CableRoom room;
    const auto place = contacts::ContactStore{tx}.contactInbox(placeNumber);
    const auto account = place ? inboxes::InboxStore{tx}.accountOf(place->inbox) : std::nullopt;
    const auto contact = account ? contacts::ContactStore{tx}.find(*account, place->contact) : std::nullopt;
    if (!contact)
        return std::nullopt;
    room.account = *account;
    room.place = *place;
    room.contact = contact->contact.id.value;
    return room;
}

void CableCore::Impl::reject(SocketId socket, const std::string &identifier)
{
    tell(socket, {{"identifier", identifier}, {"type", "reject_subscription"}});
}

void CableCore::Impl::unsubscribe(SocketId socket, const std::string &identifier)
{
    leave(socket, identifier);
}

void CableCore::Impl::leave(SocketId socket, const std::string &identifier)
{
    if (const auto room = m_rooms.remove(socket, identifier))
        m_parts.ephemera.disconnected(room->account, false, room->contact);
}

// The one thing a contact does here is to be there; they write and type by HTTP.
void CableCore::Impl::perform(SocketId socket, const std::string &identifier, const base::Json &frame)
{
    const auto *room = m_rooms.find(socket, identifier);
    const auto data = base::parseJson(base::textField(frame, "data").value_or(""), {maxFrameBytes, 4});
    if (room && data && base::textField(*data, "action") == "update_presence")
        m_news.presence(*room);
}

// Merged into another, or gone: whoever listens hears what is theirs now, or nothing any more.
void CableCore::Impl::contactsChanged(sync::AccountNumber account, const std::vector<base::Uuid> &ids)
{
    if (ids.empty() || !m_rooms.hasAccount(account))
        return;
    for (auto *room : m_rooms.ofAccount(account)) {
        if (std::find(ids.begin(), ids.end(), room->contact) == ids.end())
            continue;
        std::optional<CableRoom> now;
        m_parts.database.read([&](storage::Transaction &tx) { now = roomOf(tx, room->place.number); });
        const bool isSame =
            now && now->contact == room->contact && now->place.verified == room->place.verified;
        if (isSame)
            continue;
        const auto socket = room->socket;
        const auto old = m_rooms.remove(socket, room->identifier);
        m_parts.ephemera.disconnected(account, false, old->contact);
        if (!now) {
            reject(socket, old->identifier);
            continue;
        }
        old->place = now->place;
        old->contact = now->contact;
        m_rooms.add(std::move(*old));
        m_parts.ephemera.connected(account, false, now->contact);
    }
}

void CableCore::Impl::closed(SocketId socket)
{
    const auto found = m_connections.find(socket);
    if (found == m_connections.end())
        return;
    m_parts.scheduler.cancel(found->second.deadline);
    m_connections.erase(found);
    for (const auto *room : m_rooms.ofSocket(socket))
        leave(socket, std::string{room->identifier});
}

void CableCore::Impl::sendAway(SocketId socket, const char *reason, bool comeBack, CloseCode code)
{
    if (!m_connections.contains(socket))
        return;
    tell(socket, farewell(reason, comeBack));
    closed(socket);
    m_parts.sink.close(socket, static_cast<std::uint16_t>(code), reason);
}

void CableCore::Impl::drain(base::Duration window)
{
    m_draining = true;
    std::vector<SocketId> sockets;
    for (const auto &[socket, connection] : m_connections)
        sockets.push_back(socket);
    for (const auto socket : sockets) {
        const auto moment = m_parts.random.below(static_cast<std::uint64_t>(window.count()) + 1);
        const auto go = [this, socket] { sendAway(socket, "server_restart", true, CloseCode::GoingAway); };
        if (moment == 0)
            go();
        else
            m_tasks.after(base::Duration{static_cast<std::int64_t>(moment)}, go);
    }
}

CableCore::CableCore(CableParts parts, CableSettings settings)
    : m_impl{std::make_unique<Impl>(parts, settings)}
{
}

CableCore::~CableCore() = default;

void CableCore::opened(SocketId socket, const std::string &origin)
{
    m_impl->opened(socket, origin);
}

void CableCore::received(SocketId socket, std::string_view text)
{
    m_impl->received(socket, text);
}

void CableCore::malformed(SocketId socket)
{
    m_impl->sendAway(socket, "invalid_request", false, CloseCode::BadFrame);
}

void CableCore::closed(SocketId socket)
{
    m_impl->closed(socket);
}

void CableCore::drain(base::Duration window)
{
    m_impl->drain(window);
}

} // namespace server::client_api
