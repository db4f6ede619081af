// The sync wire of a running deskbelld, byte by byte.
//
//   bench_wire frames PORT DEVICES SECONDS CONVERSATION     sizes of live frames while somebody writes
//   bench_wire resume PORT DEVICES ROUNDS CONVERSATION PID  coming back after five messages: bytes, turns,
//   server CPU bench_wire storm  PORT DEVICES                          everybody connects; prints "live"; a
//   line on standard
//                                                           input says that the server was restarted; prints
//                                                           the rest
//
// DEVICES is a file of "uuid token" lines that the server knows; each mode has some of its own among the
// first five. Prints one JSON object.
#include "shared/base/clock.h"
#include "shared/base/uuid.h"
#include "shared/protocol/container.h"
#include "tests/bench/raw_agent.h"
#include "tests/support/fakes.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <poll.h>
#include <random>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using base::Json;
using bench::RawAgent;
using Steady = std::chrono::steady_clock;

double since(Steady::time_point begin)
{
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

std::vector<RawAgent::Account> devices(const char *file)
{
    std::vector<RawAgent::Account> all;
    std::ifstream in{file};
    for (RawAgent::Account one; in >> one.device >> one.token;)
        all.push_back(one);
    return all;
}

Json spread(std::vector<double> values)
{
    if (values.empty())
        return nullptr;
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
    };
    return {{"p50", at(.5)}, {"p95", at(.95)}, {"max", values.back()}, {"n", values.size()}};
}

/// CPU nanoseconds of a process, thread by thread.
double cpuNs(int pid)
{
    double sum = 0;
    for (const auto &task : std::filesystem::directory_iterator{"/proc/" + std::to_string(pid) + "/task"}) {
        std::ifstream in{task.path() / "schedstat"};
        double ns = 0;
        if (in >> ns)
            sum += ns;
    }
    return sum;
}

/// How many of a frame's receipts said yes. Anything else ends the program: then nothing was measured.
int accepted(const Json &frame)
{
    if (frame["k"] != "res")
        return 0;
    for (const auto &receipt : frame["r"])
        if (receipt["st"] != "ok") {
            std::fprintf(stderr, "refused: %s\n", base::toText(receipt).c_str());
            std::exit(1);
        }
    return static_cast<int>(frame["r"].size());
}

/// Serves a few agents until `done`.
template <class Done>
void serve(std::vector<std::pair<RawAgent *, RawAgent::Take>> agents, const Done &done)
{
    const auto begin = Steady::now();
    while (!done()) {
        if (since(begin) > 60) {
            std::fputs("no answer\n", stderr);
            std::exit(1);
        }
        std::vector<pollfd> waiting;
        for (const auto &[agent, take] : agents)
            waiting.push_back(
                {agent->descriptor(), static_cast<short>(POLLIN | (agent->wantsToWrite() ? POLLOUT : 0)), 0});
        ::poll(waiting.data(), waiting.size(), 20);
        for (const auto &[agent, take] : agents)
            if (!agent->pump(take)) {
                std::fprintf(stderr, "connection over: %d\n", agent->closeCode);
                std::exit(1);
            }
    }
}

/// Writes messages as a program would, one lane.
struct Writer {
    Json next(const std::string &conversation)
    {
        Json one{{"n", ++n},
                 {"mid", ids.next().text()},
                 {"lane", "cv:" + conversation},
                 {"at", base::toMs(clock.now())},
                 {"q_age", 0},
                 {"op", "message.create"},
                 {"a",
                  {{"conv", conversation},
                   {"kind", "public"},
                   {"body",
                    "Hello, thank you for writing. Parcel " + std::to_string(n * 7919 % 100000) +
                        " left our warehouse this morning and should be with you the day after tomorrow."}}}};
        auto &last = lasts[conversation];
        if (last > 0)
            one["after"] = last;
        last = n;
        return one;
    }

    tests::FakeClock clock;
    tests::SeededRandom bits{std::random_device{}()};
    base::UuidMaker ids{clock, bits};
    std::int64_t n = 0;
    std::map<std::string, std::int64_t> lasts; ///< of each lane
};

int frames(int port, const char *file, double seconds, const std::string &conversation)
{
    const auto all = devices(file);
    RawAgent reader{{port}, all.at(0)};
    RawAgent author{{port}, all.at(1)};
    Writer writer;
    std::map<std::size_t, std::map<std::string, std::vector<double>>> sizes;
    bool readerLive = false;
    bool authorLive = false;
    bool writing = false;
    int answered = 0;
    const RawAgent::Take read = [&](const Json &frame, std::string_view text, std::size_t packed) {
        readerLive = readerLive || frame["k"] == "scopes";
        if (frame["k"] != "d" || !writing || frame["ch"].empty())
            return;
        auto &of = sizes[frame["ch"].size()];
        of["wire"].push_back(static_cast<double>(packed));
        of["raw"].push_back(static_cast<double>(text.size()));
        for (const auto &[name, codec] :
             {std::pair{"zlib", protocol::Codec::Zlib}, {"zstd", protocol::Codec::Zstd}})
            of[name].push_back(static_cast<double>(protocol::pack(text, codec).size()));
    };
    const RawAgent::Take hear = [&](const Json &frame, std::string_view, std::size_t) {
        authorLive = authorLive || frame["k"] == "scopes";
        answered += accepted(frame);
    };
    reader.open();
    author.open();
    serve({{&reader, read}, {&author, hear}}, [&] { return readerLive && authorLive; });
    writing = true;
    std::puts("begin");
    std::fflush(stdout);
    const auto begin = Steady::now();
    for (int sent = 0; since(begin) < seconds; ++sent) {
        author.say({{"k", "mut"}, {"i", {writer.next(conversation)}}});
        const auto pause = Steady::now();
        serve({{&reader, read}, {&author, hear}}, [&] { return answered > sent && since(pause) > .06; });
    }
    Json result = Json::object();
    for (const auto &[count, of] : sizes)
        for (const auto &[name, values] : of)
            result[std::to_string(count)][name] = spread(values);
    std::printf("%s\n", base::toText(result).c_str());
    return 0;
}

int resume(int port, const char *file, int rounds, const std::string &conversation, int pid)
{
    const auto all = devices(file);
    RawAgent reader{{port}, all.at(2)};
    RawAgent author{{port}, all.at(3)};
    Writer writer;
    bool authorLive = false;
    int answered = 0;
    const RawAgent::Take hear = [&](const Json &frame, std::string_view, std::size_t) {
        authorLive = authorLive || frame["k"] == "scopes";
        answered += accepted(frame);
    };
    bool caughtUp = false;
    std::int64_t head = -1;
    int resets = 0;
    const RawAgent::Take read = [&](const Json &frame, std::string_view, std::size_t) {
        if (frame["k"] == "welcome")
            head = base::integerField(frame, "head").value_or(0);
        resets += frame["k"] == "reset";
        caughtUp = caughtUp || (frame["k"] != "welcome" && head >= 0 && reader.q >= head);
    };
    author.open();
    reader.open();
    serve({{&reader, read}, {&author, hear}}, [&] { return authorLive && caughtUp; });
    std::vector<double> in;
    std::vector<double> out;
    std::vector<double> cpu;
    std::vector<double> wall;
    resets = 0;
    for (int round = 0; round < rounds; ++round) {
        reader.drop();
        const int before = answered;
        auto list = Json::array();
        for (int i = 0; i < 5; ++i)
            list.push_back(writer.next(conversation));
        author.say({{"k", "mut"}, {"i", std::move(list)}});
        const auto quiet = Steady::now();
        serve({{&author, hear}}, [&] { return answered >= before + 5 && since(quiet) > .15; });
        caughtUp = false;
        head = -1;
        const auto spent = cpuNs(pid);
        const auto begin = Steady::now();
        reader.open();
        serve({{&reader, read}}, [&] { return caughtUp; });
        wall.push_back(since(begin) * 1e3);
        std::this_thread::sleep_for(std::chrono::milliseconds{30});
        cpu.push_back((cpuNs(pid) - spent) / 1e6);
        in.push_back(static_cast<double>(reader.bytesIn));
        out.push_back(static_cast<double>(reader.bytesOut));
    }
    std::printf("%s\n", base::toText({{"bytes_in", spread(in)},
                                      {"bytes_out", spread(out)},
                                      {"cpu_ms", spread(cpu)},
                                      {"wall_ms", spread(wall)},
                                      {"resets", resets}})
                            .c_str());
    return 0;
}

/// A message into each of the conversations named in a file.
int touch(int port, const char *file, const char *conversations)
{
    const auto all = devices(file);
    RawAgent author{{port}, all.at(4)};
    Writer writer;
    bool live = false;
    std::size_t answered = 0;
    const RawAgent::Take hear = [&](const Json &frame, std::string_view, std::size_t) {
        live = live || frame["k"] == "scopes";
        answered += static_cast<std::size_t>(accepted(frame));
    };
    author.open();
    serve({{&author, hear}}, [&] { return live; });
    std::ifstream in{conversations};
    std::size_t sent = 0;
    for (std::string id; in >> id; ++sent) {
        author.say({{"k", "mut"}, {"i", {writer.next(id)}}});
        serve({{&author, hear}}, [&] { return answered + 32 > sent; });
    }
    serve({{&author, hear}}, [&] { return answered >= sent; });
    std::printf("%s\n", base::toText({{"written", sent}}).c_str());
    return 0;
}

/// Many programs that come back as the protocol says.
class Storm {
public:
    Storm(int port, const std::vector<RawAgent::Account> &accounts)
    {
        for (const auto &account : accounts)
            m_clients.emplace_back(std::make_unique<Client>(port, account));
    }

    /// Until everybody is live; `begin` is the moment counted from.
    Json run(Steady::time_point begin)
    {
        m_welcomes.clear();
        m_resets = m_refused = 0;
        while (m_live < m_clients.size() && since(begin) < 300)
            turn(begin);
        std::map<long, int> perSecond;
        for (const auto at : m_welcomes)
            ++perSecond[static_cast<long>(at)];
        int most = 0;
        for (const auto &[second, count] : perSecond)
            most = std::max(most, count);
        return {{"live", m_live},       {"seconds", since(begin)},  {"resets", m_resets},
                {"refused", m_refused}, {"hellos_per_s_max", most}, {"hellos", m_welcomes.size()}};
    }

    /// Reads what comes for so long.
    void idle(double seconds)
    {
        const auto begin = Steady::now();
        while (since(begin) < seconds)
            turn(begin);
    }

private:
    struct Client {
        Client(int port, const RawAgent::Account &account) : agent{{port}, account} {}
        RawAgent agent;
        bool live = false;
        double spread = 1;
        int failures = 0;
        Steady::time_point next = Steady::now();
    };

    void turn(Steady::time_point begin)
    {
        std::vector<pollfd> waiting;
        std::vector<Client *> owners;
        const auto now = Steady::now();
        for (auto &client : m_clients) {
            if (!client->agent.isOpen() && client->next <= now && !client->agent.open())
                lost(*client);
            if (!client->agent.isOpen())
                continue;
            waiting.push_back({client->agent.descriptor(),
                               static_cast<short>(POLLIN | (client->agent.wantsToWrite() ? POLLOUT : 0)), 0});
            owners.push_back(client.get());
        }
        ::poll(waiting.data(), waiting.size(), 10);
        for (std::size_t i = 0; i < waiting.size(); ++i)
            if (waiting[i].revents != 0 && !owners[i]->agent.pump([&](const Json &frame, auto, auto) {
                    take(*owners[i], frame, since(begin));
                }))
                lost(*owners[i]);
    }

    void take(Client &client, const Json &frame, double at)
    {
        const auto kind = base::textField(frame, "k").value_or("");
        if (kind == "welcome") {
            m_welcomes.push_back(at);
            client.spread = static_cast<double>(base::integerField(frame, "spread_ms").value_or(1000)) / 1e3;
        } else if (kind == "bye") {
            client.spread = static_cast<double>(base::integerField(frame, "spread_ms").value_or(1000)) / 1e3;
        } else if (kind == "reset") {
            ++m_resets;
        } else if (kind == "scopes" && !client.live) {
            client.live = true;
            client.failures = 0;
            ++m_live;
        }
    }

    void lost(Client &client)
    {
        double wait = std::min(60., .5 * static_cast<double>(1 << std::min(client.failures, 10))) * chance();
        if (client.live)
            wait = std::max(client.spread * chance(), wait);
        if (client.agent.retryAfter > 0) {
            wait = static_cast<double>(client.agent.retryAfter) + chance();
            ++m_refused;
        }
        m_live -= client.live;
        client.live = false;
        ++client.failures;
        client.agent.drop();
        client.next =
            Steady::now() + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>{wait});
    }

    double chance() { return std::uniform_real_distribution<double>{0, 1}(m_random); }

    std::vector<std::unique_ptr<Client>> m_clients;
    std::mt19937_64 m_random{3};
    std::vector<double> m_welcomes;
    std::size_t m_live = 0;
    int m_resets = 0;
    int m_refused = 0;
};

int storm(int port, const char *file)
{
    Storm all{port, devices(file)};
    const auto first = all.run(Steady::now());
    all.idle(6); // cursors settle
    std::printf("live %s\n", base::toText(first).c_str());
    std::fflush(stdout);
    pollfd input{0, POLLIN, 0};
    while (::poll(&input, 1, 0) == 0)
        all.idle(.05);
    std::string line;
    std::getline(std::cin, line); // the moment the old server ended
    std::printf("%s\n", base::toText(all.run(Steady::now())).c_str());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "frames" && argc == 6)
        return frames(std::atoi(argv[2]), argv[3], std::atof(argv[4]), argv[5]);
    if (mode == "resume" && argc == 7)
        return resume(std::atoi(argv[2]), argv[3], std::atoi(argv[4]), argv[5], std::atoi(argv[6]));
    if (mode == "touch" && argc == 5)
        return touch(std::atoi(argv[2]), argv[3], argv[4]);
    if (mode == "storm" && argc == 4)
        return storm(std::atoi(argv[2]), argv[3]);
    std::fputs("bench_wire frames|resume|touch|storm …\n", stderr);
    return 2;
}
