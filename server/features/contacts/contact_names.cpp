#include "server/features/contacts/contact_service.h"

#include <array>
#include <string_view>

namespace server::contacts {

namespace {

constexpr std::array<std::string_view, 48> adjectives{
    "Amber",  "Ancient", "Bold",   "Brave", "Bright", "Calm",   "Clever", "Cosmic", "Crisp",  "Curious",
    "Dapper", "Eager",   "Early",  "Fair",  "Fleet",  "Gentle", "Golden", "Happy",  "Honest", "Humble",
    "Ivory",  "Jolly",   "Keen",   "Kind",  "Light",  "Lively", "Lucky",  "Mellow", "Merry",  "Mild",
    "Nimble", "Noble",   "Polite", "Proud", "Quick",  "Quiet",  "Rapid",  "Royal",  "Silver", "Smart",
    "Snowy",  "Solid",   "Spry",   "Sunny", "Swift",  "Tidy",   "Warm",   "Wise"};

constexpr std::array<std::string_view, 56> animals{
    "Badger",  "Beaver", "Bison",  "Bobcat", "Camel",   "Condor", "Crane",   "Dolphin", "Dove",   "Eagle",
    "Falcon",  "Ferret", "Finch",  "Fox",    "Gazelle", "Gecko",  "Heron",   "Hare",    "Ibis",   "Jackdaw",
    "Kestrel", "Koala",  "Lark",   "Lemur",  "Lynx",    "Magpie", "Marmot",  "Marten",  "Mole",   "Moose",
    "Newt",    "Ocelot", "Osprey", "Otter",  "Owl",     "Panda",  "Pelican", "Penguin", "Pigeon", "Plover",
    "Puffin",  "Quail",  "Rabbit", "Raven",  "Robin",   "Salmon", "Seal",    "Sparrow", "Stoat",  "Swallow",
    "Tapir",   "Thrush", "Toucan", "Turtle", "Walrus",  "Wombat"};

} // namespace

std::string friendlyName(const base::Uuid &id)
{
    const auto hash = std::hash<base::Uuid>{}(id);
    const auto adjective = adjectives[hash % adjectives.size()];
    const auto animal = animals[hash / adjectives.size() % animals.size()];
    return std::string{adjective} + " " + std::string{animal};
}

} // namespace server::contacts
