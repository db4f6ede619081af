#pragma once

#include "server/app/foundation.h"
#include "server/app/seed_texts.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace server::app {

struct Sown {
    std::int64_t contacts = 0;
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t attachments = 0;
};

/// Fills the first account with conversations as a busy desk has them: many languages and lengths,
/// right-to-left scripts, emoji, pictures, all states. The same seed on the same day gives the same content
/// and ids. Goes through the executor like everybody else, many conversations a commit.
class Seeder {
public:
    Seeder(Foundation &foundation, std::uint64_t seed);

    /// Throws Stop.
    Sown sow(std::int64_t conversations, std::int64_t messages);

private:
    struct Person {
        std::string name;
        std::string email;
        std::string phone;
        const Tongue *tongue;
    };
    struct Sheet; ///< one conversation to be

    void prepareDesk();
    std::vector<std::int64_t> lengths(std::int64_t conversations, std::int64_t messages);
    Sheet sheet(std::int64_t length);
    std::string line(const Sheet &sheet, bool first, bool last, bool byCustomer);
    void addPicture(Sheet &sheet);
    void store(std::vector<Sheet> &sheets);

    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : m_engine() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }
    base::Uuid idAt(base::Timestamp at);
    template <class List>
    auto pick(const List &list) -> decltype(list[0])
    {
        return list[below(list.size())];
    }

    Foundation &m;
    std::mt19937_64 m_engine;
    base::Timestamp m_today; ///< midnight: what was before is the same all day
    sync::AccountNumber m_account = 0;
    std::vector<sync::Actor> m_agents;
    std::vector<server::inboxes::InboxRow> m_inboxes;
    Sown m_sown;
};

} // namespace server::app
