#include "server/features/webwidget/proof_of_work.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <bit>
#include <chrono>

namespace server::webwidget {

namespace {

constexpr std::string_view purpose = "visitor-work";
constexpr std::chrono::minutes goodFor{2};
constexpr int fewestBits = 16;
constexpr std::size_t maxSalt = 512;
constexpr std::size_t maxNonce = 20;
// Each that an address has used up makes its next challenge twice as hard.
constexpr ports::Rate steps[] = {{10, base::Duration{12'000}}, {20, base::Duration{6'000}},
                                 {40, base::Duration{3'000}},  {80, base::Duration{1'500}},
                                 {160, base::Duration{750}},   {320, base::Duration{375}}};

int leadingZeros(std::string_view digest)
{
    int zeros = 0;
    for (const auto c : digest) {
        const auto byte = static_cast<unsigned char>(c);
        zeros += std::countl_zero(byte);
        if (byte != 0)
            break;
    }
    return zeros;
}

} // namespace

base::Json ProofOfWork::challenge(std::string_view address)
{
    int bits = fewestBits;
    for (int step = 0; const auto &rate : steps)
        if (m_limiter.take("visitor-work" + std::to_string(step++) + ':' + std::string{address}, rate))
            ++bits;
    const auto until = base::toMs(m_clock.now() + goodFor);
    const base::Json plain{{"u", until}, {"b", bits}, {"r", m_crypto.randomToken(9)}};
    return {{"alg", "sha-256"},
            {"salt", base::toBase64Url(m_crypto.seal(purpose, base::toText(plain), address))},
            {"bits", bits}};
}

bool ProofOfWork::accept(std::string_view address, const base::Json &answer)
{
    const auto salt = base::textField(answer, "salt").value_or("");
    const auto nonce = base::textField(answer, "nonce").value_or("");
    if (salt.empty() || salt.size() > maxSalt || nonce.empty() || nonce.size() > maxNonce ||
        nonce.find_first_not_of("0123456789") != std::string::npos)
        return false;
    const auto plain = m_crypto.open(purpose, base::fromBase64Url(salt), address);
    const auto asked = plain ? base::parseJson(*plain) : base::Result<base::Json>{plain.error()};
    if (!asked)
        return false;
    const auto until = base::fromMs(base::integerField(*asked, "u").value_or(0));
    const auto bits = base::integerField(*asked, "b").value_or(fewestBits);
    const auto isSolved = m_clock.now() <= until && leadingZeros(m_crypto.sha256(salt + '.' + nonce)) >= bits;
    // The first use takes all there is for as long as the salt is good.
    return isSolved && !m_limiter.take("visitor-salt:" + salt, {1, goodFor});
}

} // namespace server::webwidget
