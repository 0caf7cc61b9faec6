/* `opbridged --tell-failure`: the service ended and stays so, which it cannot say itself any more.
 * Tells the emergency contact once, waits for the result, and ends. The queue is not opened. */
#ifndef APP_ALARM_ALONE_H
#define APP_ALARM_ALONE_H

/* Returns an exit status: 0 told, or there is nobody to tell; 69 it could not be told; 71 the
 * system refused something; 78 the configuration cannot be read at all. */
int alarm_alone(const char *conf_path);

#endif
