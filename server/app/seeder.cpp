#include "server/app/seeder.h"

#include "server/app/exit_code.h"
#include "server/app/png.h"
#include "server/app/workspace.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace server::app {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t sheetsPerCommit = 64;
constexpr std::int64_t mostPictures = 60; // each is a file, an fsync and a thumbnail
constexpr hours longestAgo{24 * 60};

/// Bytes in memory as a body that arrives.
class MemoryBody : public ports::BodyReader {
public:
    explicit MemoryBody(std::string_view bytes) : m_bytes{bytes} {}
    std::size_t read(char *into, std::size_t size) override
    {
        const auto taken = std::min(size, m_bytes.size());
        std::memcpy(into, m_bytes.data(), taken);
        m_bytes.remove_prefix(taken);
        return taken;
    }

private:
    std::string_view m_bytes;
};

} // namespace

struct Seeder::Sheet {
    Person person;
    server::contacts::Visitor visitor;
    server::conversations::ImportedConversation conversation;
};

Seeder::Seeder(Foundation &foundation, std::uint64_t seed)
    : m{foundation}
    , m_engine{seed}
    , m_today{std::chrono::floor<std::chrono::days>(foundation.clock.now())}
{
}

base::Uuid Seeder::idAt(base::Timestamp at)
{
    std::array<std::uint8_t, 16> bytes{};
    const auto ms = static_cast<std::uint64_t>(base::toMs(at));
    const auto high = m_engine();
    const auto low = m_engine();
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    for (std::size_t i = 6; i < 8; ++i)
        bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
    for (std::size_t i = 8; i < 16; ++i)
        bytes[i] = static_cast<std::uint8_t>(low >> (8 * (i - 8)));
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return base::Uuid{bytes};
}

void Seeder::prepareDesk()
{
    m.database->read([&](storage::Transaction &tx) {
        const auto accounts = server::accounts::UserStore{tx}.accounts();
        if (!accounts.empty())
            m_account = accounts.front().account.number;
    });
    if (m_account == 0)
        throw Stop{ExitCode::Failed, "There is no account to fill. Run deskbelld init first."};
    runOrStop(m, m_account, "Preparing the desk", [&](sync::WriteContext &ctx) -> base::Status {
        const std::pair<const char *, const char *> colleagues[] = {{"Mei Tanaka", "mei@seed.example"},
                                                                    {"Lucas Moreau", "lucas@seed.example"},
                                                                    {"Amara Okafor", "amara@seed.example"}};
        for (const auto &[name, email] : colleagues)
            if (!server::accounts::UserStore{ctx.tx()}.credentials(email))
                if (const auto added = m.accounts.addUser(ctx, {name, email, {}, domain::Role::Agent});
                    !added)
                    return added.error();
        server::inboxes::InboxStore inboxes{ctx.tx()};
        if (inboxes.all(ctx.account()).empty())
            for (const auto *name : {"Website", "Help pages"})
                if (const auto made = m.inboxes.createWebsite(ctx, name, {}); !made)
                    return made.error();
        std::vector<std::int64_t> numbers;
        m_agents.clear();
        for (const auto &member : server::accounts::UserStore{ctx.tx()}.members(ctx.account()))
            if (member.user.active) {
                numbers.push_back(member.user.number);
                m_agents.push_back({sync::Actor::Kind::User, member.user.id.value, member.user.number});
            }
        m_inboxes = inboxes.all(ctx.account());
        for (const auto &inbox : m_inboxes)
            if (const auto added = m.inboxes.addMembers(ctx, inbox.inbox.number, numbers); !added)
                return added.error();
        return base::Done{};
    });
}

/// Many short ones and a few very long, with exactly the wanted sum.
std::vector<std::int64_t> Seeder::lengths(std::int64_t conversations, std::int64_t messages)
{
    std::vector<double> weights;
    for (std::int64_t i = 0; i < conversations; ++i)
        weights.push_back(-std::log(1.0 - static_cast<double>(below(1'000'000)) / 1'000'001.0) + 0.05);
    const auto sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const auto spare = static_cast<double>(messages - conversations);
    std::vector<std::int64_t> lengths;
    for (const auto weight : weights)
        lengths.push_back(1 + static_cast<std::int64_t>(spare * weight / sum));
    auto left = messages - std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
    for (std::size_t i = 0; left > 0; i = (i + 1) % lengths.size(), --left)
        ++lengths[i];
    return lengths;
}

std::string Seeder::line(const Sheet &sheet, bool first, bool last, bool byCustomer)
{
    const auto &tongue = *sheet.person.tongue;
    if (!first && chance(4))
        return std::string{pick(emoji())};
    std::string text{pick(first                ? tongue.openers
                          : last && byCustomer ? tongue.closings
                          : byCustomer         ? tongue.details
                                               : tongue.replies)};
    const auto sentences = chance(6) ? 6 + below(20) : below(3);
    for (std::uint64_t i = 0; i < sentences; ++i)
        text += (chance(15) ? "\n\n" : " ") + std::string{pick(tongue.details)};
    if (chance(12))
        text += " " + std::string{pick(emoji())};
    return text;
}

Seeder::Sheet Seeder::sheet(std::int64_t length)
{
    Sheet sheet;
    // English is a third of everything, as at most desks.
    sheet.person.tongue = chance(33) ? &tongues().front() : &pick(tongues());
    sheet.person.name = pick(sheet.person.tongue->names);
    auto &conversation = sheet.conversation;
    // Newer ones are more frequent.
    const auto share = static_cast<double>(below(1'000'000)) / 1'000'000.0;
    const auto ago = std::chrono::duration_cast<minutes>(longestAgo * (share * share));
    auto at = m_today - ago - minutes{length} - base::Duration{static_cast<std::int64_t>(below(60'000))};
    sheet.visitor.id = idAt(at);
    sheet.visitor.page = "https://shop.example/" + std::string{sheet.person.tongue->code};
    if (chance(60))
        sheet.person.email = "customer" + std::to_string(below(1'000'000'000)) + "@mail.example";
    if (chance(20))
        sheet.person.phone = "+4930" + std::to_string(10'000'000 + below(89'999'999));

    conversation.id = idAt(at);
    conversation.inbox = pick(m_inboxes).inbox.number;
    const auto kind = below(100);
    conversation.status = kind < 35   ? domain::ConversationStatus::Open
                          : kind < 45 ? domain::ConversationStatus::Pending
                          : kind < 55 ? domain::ConversationStatus::Snoozed
                                      : domain::ConversationStatus::Resolved;
    if (conversation.status == domain::ConversationStatus::Snoozed)
        conversation.snoozedUntil = m_today + hours{24 + static_cast<int>(below(24 * 14))};
    if (chance(15))
        conversation.priority = static_cast<domain::Priority>(1 + below(4));
    const auto &agent = pick(m_agents);
    if (conversation.status == domain::ConversationStatus::Resolved || chance(60))
        conversation.assignee = agent.number;
    if (conversation.status != domain::ConversationStatus::Open || chance(60))
        conversation.readBy = m_agents;

    const auto room =
        std::max<std::int64_t>(1, base::Duration{m_today - at}.count() / std::max<std::int64_t>(length, 1));
    bool byCustomer = true;
    for (std::int64_t i = 0; i < length; ++i) {
        server::conversations::ImportedMessage message;
        const bool note = i > 0 && chance(5);
        message.id = idAt(at);
        message.kind = note ? domain::MessageKind::Note : domain::MessageKind::Public;
        message.direction =
            byCustomer && !note ? domain::MessageDirection::Incoming : domain::MessageDirection::Outgoing;
        message.body = line(sheet, i == 0, i + 1 == length, byCustomer && !note);
        message.at = at;
        if (!byCustomer || note)
            message.by = agent;
        conversation.messages.push_back(std::move(message));
        const auto step = std::min<std::int64_t>(
            room, 1 + static_cast<std::int64_t>(below(chance(80) ? 600'000 : 9'000'000)));
        at += base::Duration{std::max<std::int64_t>(1, step)};
        byCustomer = chance(byCustomer ? 30 : 70);
    }
    if (chance(70))
        conversation.contactReadN = length;
    return sheet;
}

void Seeder::addPicture(Sheet &sheet)
{
    auto &messages = sheet.conversation.messages;
    auto &message = messages[below(messages.size())];
    const auto png =
        makePng(80 + static_cast<int>(below(240)), 60 + static_cast<int>(below(180)), m_engine());
    server::attachments::Upload upload;
    upload.account = m_account;
    upload.actor = message.by ? *message.by : sync::Actor{sync::Actor::Kind::Contact, sheet.visitor.id};
    upload.id = idAt(message.at);
    upload.name = chance(50) ? "screenshot.png" : "снимок экрана.png";
    upload.length = static_cast<std::int64_t>(png.size());
    MemoryBody body{png};
    const auto received = m.attachments.receive(upload, body);
    if (!received)
        throw Stop{ExitCode::DataUnusable, "Storing a picture failed: " + received.error().detail};
    message.uploads.push_back({upload.id});
    ++m_sown.attachments;
}

void Seeder::store(std::vector<Sheet> &sheets)
{
    runOrStop(m, m_account, "Storing conversations", [&](sync::WriteContext &ctx) -> base::Status {
        for (auto &sheet : sheets) {
            const auto known = m.contacts.visitor(ctx, sheet.conversation.inbox, sheet.visitor);
            if (!known)
                return known.error();
            server::contacts::ContactFields fields;
            fields.name = sheet.person.name;
            fields.email = sheet.person.email;
            fields.phone = sheet.person.phone;
            const auto contact = m.contacts.change(ctx, known->row.contact.number, fields);
            if (!contact && contact.error().code != base::ErrorCode::AlreadyExists)
                return contact.error();
            sheet.conversation.contact = known->row.contact.number;
            for (auto &message : sheet.conversation.messages)
                if (message.direction == domain::MessageDirection::Incoming)
                    message.by =
                        sync::Actor{sync::Actor::Kind::Contact, sheet.visitor.id, known->row.contact.number};
            if (const auto stored = m.conversations.importConversation(ctx, sheet.conversation); !stored)
                return stored.error();
        }
        return base::Done{};
    });
    for (const auto &sheet : sheets) {
        ++m_sown.contacts;
        ++m_sown.conversations;
        m_sown.messages += static_cast<std::int64_t>(sheet.conversation.messages.size());
    }
    sheets.clear();
}

Sown Seeder::sow(std::int64_t conversations, std::int64_t messages)
{
    m_sown = {};
    prepareDesk();
    std::vector<Sheet> sheets;
    std::int64_t waiting = 0;
    for (const auto length : lengths(conversations, messages)) {
        sheets.push_back(sheet(length));
        if (m_sown.attachments < mostPictures && chance(12))
            addPicture(sheets.back());
        waiting += length;
        if (sheets.size() == sheetsPerCommit || waiting > 4'000) {
            store(sheets);
            waiting = 0;
        }
    }
    if (!sheets.empty())
        store(sheets);
    return m_sown;
}

} // namespace server::app
