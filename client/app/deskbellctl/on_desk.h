#pragma once

#include "client/app/deskbellctl/connected_desk.h"
#include "client/app/deskbellctl/options.h"
#include "client/app/deskbellctl/printing.h"

namespace client::ctl {

/// Says why, and the exit code for it.
int failed(const base::Error &error);

/// Opens the profile, brings it up to date, runs; the exit code.
template <class Run>
int onDesk(const Options &options, bool mustBeLive, Run run)
{
    auto desk = ConnectedDesk::open(options);
    if (!desk)
        return failed(desk.error());
    if (!(*desk)->waitUntilLive()) {
        const bool signedOut =
            (*desk)->client().connection().kind == client::sync::ConnectionState::Kind::SignedOut;
        complain(signedOut ? "signed out; use: deskbellctl login" : "no connection to the server");
        if (mustBeLive)
            return signedOut ? NotSignedIn : NotConnected;
    }
    return run(**desk);
}

} // namespace client::ctl
