#pragma once

#include "shared/base/json.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bench {

/// An agents' socket without a library, so that thousands cost little and every byte is counted: connects,
/// upgrades, takes frames apart. Non-blocking; its owner polls the descriptor.
class RawAgent {
public:
    struct Account {
        std::string device;
        std::string token;
    };
    struct Address {
        int port = 0;
        std::string host = "127.0.0.1";
    };
    /// One frame, unpacked, with the bytes its envelope had.
    using Take = std::function<void(const base::Json &frame, std::string_view text, std::size_t packed)>;

    RawAgent(Address address, Account account) : m_address{std::move(address)}, m_account{std::move(account)}
    {
    }
    ~RawAgent() { drop(); }
    RawAgent(const RawAgent &) = delete;
    RawAgent &operator=(const RawAgent &) = delete;

    /// Begins to connect; false when there is nobody.
    bool open();
    void drop();
    [[nodiscard]] int descriptor() const { return m_socket; }
    [[nodiscard]] bool isOpen() const { return m_socket >= 0; }
    [[nodiscard]] bool wantsToWrite() const { return !m_out.empty() || m_connecting; }
    void say(const base::Json &frame);
    /// Reads and writes what can be; false when the connection is over.
    bool pump(const Take &take);

    std::int64_t epoch = 0; ///< as last told; said in the next hello
    std::int64_t q = 0;
    std::int64_t retryAfter = 0; ///< seconds, of an upgrade that was refused; 0 for none
    int closeCode = 0;
    std::size_t bytesIn = 0; ///< since open(), the upgrade included
    std::size_t bytesOut = 0;

private:
    bool write();
    bool readHead();
    bool readFrames(const Take &take);
    void follow(const base::Json &frame);
    void sayHello();

    Address m_address;
    Account m_account;
    int m_socket = -1;
    bool m_connecting = false;
    bool m_upgraded = false;
    std::string m_in;
    std::string m_out;
};

} // namespace bench
