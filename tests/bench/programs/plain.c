// A program that has nothing of ours.
#include <stdio.h>

int main(void) {
    printf("%d laps in %.1f seconds\n", 3, 0.6);
    return 0;
}
