#include "server/features/pictures/picture_routes.h"

#include "server/features/pictures/picture_kind.h"
#include "server/ports/answers.h"
#include "shared/base/text.h"

#include <array>
#include <chrono>
#include <fstream>
#include <functional>

namespace server::pictures {

namespace {

using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate fetchRate{60, base::Duration{1000}};    // of one address: what is cached costs nothing
constexpr ports::Rate failureRate{1, base::Duration{60'000}}; // of one picture: then it is not asked for
constexpr std::size_t mostBytes = 5 << 20;
constexpr std::size_t headBytes = 64 << 10;

std::string headOf(const std::string &file)
{
    std::string head(headBytes, '\0');
    std::ifstream in{file, std::ios::binary};
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return head;
}

ports::OutgoingCall pictureCall(const std::string &address)
{
    ports::OutgoingCall call;
    call.method = ports::OutgoingCall::Method::Get;
    call.url = address;
    call.headers.set("Accept", "image/webp,image/png,image/jpeg,image/gif");
    call.keepBytes = mostBytes;
    call.redirects = 3;
    return call;
}

HttpResponse pictureAnswer(const std::string &type)
{
    HttpResponse answer;
    auto &headers = answer.headers;
    headers.set("Content-Type", type);
    headers.set("Content-Disposition", "inline");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "private, max-age=86400");
    return answer;
}

} // namespace

void PictureRoutes::add(ports::Router &router)
{
    router.add(
        {"GET", "/proxy/{signature}/{address}", [this](HttpRequest &request) { return serve(request); }});
}

HttpResponse PictureRoutes::serve(const HttpRequest &request)
{
    const auto address = m.links.address(request.param("signature"), request.param("address"));
    if (!address)
        return ports::refusal({base::ErrorCode::NotFound, {}});
    // The signature, as long as a hash and as particular, names the file.
    const auto name = base::toHex(base::fromBase64Url(request.param("signature")));
    const auto cached = m.cache.find(name);
    if (!cached || (!cached->isFresh && !failedLately(name))) {
        auto answer = fetched(name, *address, request);
        if (answer.status == 200 || !cached)
            return answer;
    }
    const auto type = pictureType(m.media, headOf(cached->file)); // an old one rather than none
    if (type.empty())
        return refused(name, "cache");
    auto answer = pictureAnswer(type);
    answer.file = cached->file;
    return answer;
}

HttpResponse PictureRoutes::fetched(const std::string &name, const std::string &address,
                                    const HttpRequest &request)
{
    if (failedLately(name))
        return refused(name, {});
    if (const auto wait = m.limiter.take("picture:" + request.remoteNetwork, fetchRate))
        return ports::tooOften(*wait);
    auto outcome = m.client.get(pictureCall(address));
    if (!outcome)
        return ports::tooBusy(std::chrono::seconds{1});
    if (outcome->status != 200 || !outcome->failure.empty())
        return refused(name, outcome->failure.empty() ? "status " + std::to_string(outcome->status)
                                                      : outcome->failure);
    const auto type = pictureType(m.media, outcome->body);
    if (type.empty())
        return refused(name, "no picture");
    m.cache.store(name, outcome->body);
    auto answer = pictureAnswer(type);
    answer.body = std::move(outcome->body);
    return answer;
}

// One sentence for every reason: what lies behind an address is not for the asker to find out by it.
HttpResponse PictureRoutes::refused(const std::string &name, const std::string &why)
{
    if (!why.empty()) {
        m.log.info("picture_refused", {{"why", why}});
        (void)m.limiter.take("picture-failed:" + name, failureRate);
    }
    auto answer = ports::refusal(502, "picture_unavailable", "The picture cannot be shown");
    answer.headers.set("Cache-Control", "private, max-age=60");
    return answer;
}

bool PictureRoutes::failedLately(const std::string &name)
{
    return m.limiter.wait("picture-failed:" + name, failureRate).has_value();
}

} // namespace server::pictures
