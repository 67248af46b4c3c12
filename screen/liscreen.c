/* liscreen: screens substrates for lithium.  `liscreen --help` lists what it can do. */

#include "screen/verbs.h"

int main(int argc, char **argv)
{
    screen_app app;
    dft_error err = { DFT_OK, "" };

    if (screen_app_init(&app, &err) != DFT_OK)
        return screen_complain(&app, "", &err);
    return screen_main(&app, argc, argv);
}
