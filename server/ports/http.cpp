#include "server/ports/http.h"

#include <algorithm>
#include <strings.h>

namespace server::ports {

namespace {

bool sameName(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

std::string_view Headers::get(std::string_view name) const
{
    for (const auto &[key, value] : m_all)
        if (sameName(key, name))
            return value;
    return {};
}

bool Headers::has(std::string_view name) const
{
    return std::any_of(m_all.begin(), m_all.end(),
                       [&](const auto &header) { return sameName(header.first, name); });
}

void Headers::set(std::string name, std::string value)
{
    std::erase_if(m_all, [&](const auto &header) { return sameName(header.first, name); });
    add(std::move(name), std::move(value));
}

void Headers::add(std::string name, std::string value)
{
    m_all.emplace_back(std::move(name), std::move(value));
}

std::string_view HttpRequest::queryValue(std::string_view name) const
{
    for (const auto &[key, value] : query)
        if (key == name)
            return value;
    return {};
}

std::string_view HttpRequest::param(std::string_view name) const
{
    const auto found = params.find(name);
    return found == params.end() ? std::string_view{} : std::string_view{found->second};
}

HttpResponse HttpResponse::json(int status, std::string body)
{
    HttpResponse response;
    response.status = status;
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.body = std::move(body);
    return response;
}

HttpResponse HttpResponse::text(int status, std::string body)
{
    HttpResponse response;
    response.status = status;
    response.headers.set("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(body);
    return response;
}

} // namespace server::ports
