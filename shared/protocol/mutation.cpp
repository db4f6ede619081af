#include "shared/protocol/mutation.h"

#include "shared/base/json.h"

namespace protocol {

namespace {

constexpr std::size_t maxOpName = 64;
constexpr std::size_t maxLane = 64;

base::Error malformed(std::string what)
{
    return {base::ErrorCode::Invalid, "mutation: " + std::move(what)};
}

} // namespace

base::Json toJson(const Mutation &mutation)
{
    base::Json json{{"n", mutation.n},
                    {"mid", mutation.mid.text()},
                    {"lane", mutation.lane},
                    {"at", base::toMs(mutation.at)},
                    {"q_age", mutation.queuedMs},
                    {"op", mutation.op},
                    {"a", base::Json::parse(mutation.args, nullptr, false)}};
    if (mutation.after != 0)
        json["after"] = mutation.after;
    if (mutation.dep != 0)
        json["dep"] = mutation.dep;
    if (mutation.queuedEstimated)
        json["q_age_est"] = true;
    if (mutation.seen)
        json["see"] = {{"n", mutation.seen->n}, {"q", mutation.seen->q}};
    if (mutation.recovered)
        json["recovered"] = true;
    return json;
}

base::Result<Mutation> mutationFromJson(const base::Json &json)
{
    const auto n = base::integerField(json, "n");
    const auto mid = base::uuidField(json, "mid");
    const auto op = base::textField(json, "op");
    const auto lane = base::textField(json, "lane");
    const auto &args = base::member(json, "a");
    if (!n || *n < 1)
        return malformed("n");
    if (!mid)
        return malformed("mid");
    if (!op || op->empty() || op->size() > maxOpName)
        return malformed("op");
    if (!lane || lane->empty() || lane->size() > maxLane)
        return malformed("lane");
    if (!args.is_object())
        return malformed("a");

    Mutation mutation;
    mutation.n = *n;
    mutation.mid = *mid;
    mutation.op = *op;
    mutation.lane = *lane;
    mutation.after = base::integerField(json, "after").value_or(0);
    mutation.dep = base::integerField(json, "dep").value_or(0);
    mutation.at = base::fromMs(base::integerField(json, "at").value_or(0));
    mutation.queuedMs = base::integerField(json, "q_age").value_or(0);
    mutation.queuedEstimated = base::flagField(json, "q_age_est").value_or(false);
    mutation.args = base::toText(args);
    mutation.recovered = base::flagField(json, "recovered").value_or(false);
    if (const auto &see = base::member(json, "see"); see.is_object())
        mutation.seen =
            Seen{base::integerField(see, "n").value_or(0), base::integerField(see, "q").value_or(0)};
    return mutation;
}

std::string_view toText(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Held:
        return "held";
    case Verdict::Rejected:
        return "rejected";
    case Verdict::Nack:
        return "nack";
    }
    return "nack";
}

std::optional<Verdict> verdictFromText(std::string_view text)
{
    for (const auto verdict : {Verdict::Ok, Verdict::Held, Verdict::Rejected, Verdict::Nack})
        if (toText(verdict) == text)
            return verdict;
    return std::nullopt;
}

base::Json toJson(const Receipt &receipt)
{
    base::Json json{{"n", receipt.n}, {"st", toText(receipt.verdict)}};
    if (receipt.seq != 0)
        json["seq"] = receipt.seq;
    if (receipt.verdict != Verdict::Ok)
        json["code"] = base::toText(receipt.code);
    if (!receipt.detail.empty())
        json["detail"] = receipt.detail;
    if (receipt.waitMs != 0)
        json["ms"] = receipt.waitMs;
    if (receipt.repeated)
        json["dup"] = true;
    if (receipt.mid)
        json["mid"] = receipt.mid->text();
    return json;
}

base::Result<Receipt> receiptFromJson(const base::Json &json)
{
    const auto n = base::integerField(json, "n");
    const auto verdict = verdictFromText(base::textField(json, "st").value_or(""));
    if (!n || !verdict)
        return base::Error{base::ErrorCode::Protocol, "receipt without n or st"};
    Receipt receipt;
    receipt.n = *n;
    receipt.verdict = *verdict;
    receipt.code = base::errorCodeFromText(base::textField(json, "code").value_or("internal"));
    receipt.detail = base::textField(json, "detail").value_or("");
    receipt.seq = base::integerField(json, "seq").value_or(0);
    receipt.waitMs = base::integerField(json, "ms").value_or(0);
    receipt.repeated = base::flagField(json, "dup").value_or(false);
    receipt.mid = base::uuidField(json, "mid");
    return receipt;
}

} // namespace protocol
