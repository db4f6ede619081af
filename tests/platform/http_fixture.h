#pragma once

#include "tests/platform/loopback.h"

#include <string>

namespace tests {

inline const std::string host = "Host: localhost\r\n";

std::string get(const std::string &target, const std::string &headers = {});
std::string post(const std::string &target, const std::string &body, const std::string &headers = {});

/// Paths of every kind: /ping, /echo, /stream, /ignore (reads nothing), /accounts/{account_id}/things/{id},
/// /files/{name*}, /throws, /who, /chunks, /inject.
void addRoutes(server::platform::HttpRouter &router);

} // namespace tests
