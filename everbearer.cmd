@echo off
rem Starts the command everbearer from this checkout: finds Java, builds what is missing or out of
rem date, and runs it. The same as the shell script beside it, as far as a batch file can: it keeps
rem no lock, so do not start it twice at once while it builds, and notices no deleted sources.
rem
rem   JAVA_HOME            the JDK to use (17 or newer); else the first java of PATH
rem   EVERBEARER_JVM_ARGS  more arguments for the JVM

setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"
set "cache=%root%\.cache\launcher"
set "sources=%cache%\sources"
rem Maven wants the poms of all modules, also of those that are not built.
set "modules=. testing\server core testing\contract testing\databases stores\jdbc stores\redis clients\okhttp demo fleet e2e cli examples benchmarks"

call :find_java || exit /b 1
call :is_current || call :build || exit /b 1
if "%~1"=="demo" goto demo
if "%~1"=="chaos" goto chaos

rem ---- the start

set "flags=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable -Xlog:all=error:stderr"
if %major% geq 25 (
  set "archive=%cache%\%version%.aot"
  set "make=-XX:AOTCacheOutput"
  set "use=-XX:AOTCache"
) else (
  set "archive=%cache%\%version%.jsa"
  set "make=-XX:ArchiveClassesAtExit"
  set "use=-XX:SharedArchiveFile"
  set "flags=%flags% -Xshare:auto"
)
call :list_jars "%cache%\lib"
if not exist "%archive%" "%java%" %flags% "%make%=%archive%" -cp "%jars%" dev.everbearer.cli.Rehearsal >nul 2>&1
if exist "%archive%" set flags=%flags% "%use%=%archive%"
"%java%" %flags% %EVERBEARER_JVM_ARGS% -cp "%jars%" dev.everbearer.cli.Everbearer %*
exit /b %errorlevel%

:demo
"%java%" %EVERBEARER_JVM_ARGS% -cp "%cache%\lib\*;%cache%\demo\*" dev.everbearer.cli.Everbearer %*
exit /b %errorlevel%

:chaos
"%java%" %EVERBEARER_JVM_ARGS% -cp "%cache%\lib\*;%cache%\fleet\*" dev.everbearer.cli.Everbearer %*
exit /b %errorlevel%

:list_jars
set "jars="
for %%j in ("%~1\*.jar") do call :add_jar "%%j"
exit /b 0

:add_jar
if defined jars (set "jars=%jars%;%~1") else set "jars=%~1"
exit /b 0

rem ---- Java

:find_java
set "java="
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
if defined java call :version_of "%java%"
if defined java if %major% geq 17 exit /b 0
for /f "delims=" %%j in ('where java 2^>nul') do (
  call :version_of "%%j"
  call :take_if_new "%%j" && exit /b 0
)
echo everbearer: A JDK 17 or newer is needed, and none was found. Install one ^(such as https://adoptium.net^), then set JAVA_HOME or PATH. 1>&2
exit /b 1

:take_if_new
if %major% lss 17 exit /b 1
set "java=%~1"
exit /b 0

:version_of
set "version=0"
for /f "tokens=3" %%v in ('call "%~1" -version 2^>^&1 ^| findstr /i /c:" version "') do set "version=%%~v"
for /f "tokens=1 delims=.-+" %%m in ("%version%") do set "major=%%m"
exit /b 0

rem ---- the build

rem The copies of the sources keep their times, so xcopy can say whether any source is newer.
:is_current
if not exist "%cache%\built" exit /b 1
for %%m in (%modules%) do (
  call :is_module_current "%%m" || exit /b 1
)
exit /b 0

:is_module_current
call :newer "%root%\%~1\pom.xml" "%sources%\%~1\" || exit /b 1
if exist "%root%\%~1\src\main" call :newer "%root%\%~1\src\main\*" "%sources%\%~1\src\main\" || exit /b 1
exit /b 0

:newer
for /f "tokens=1" %%n in ('xcopy /d /l /s /y "%~1" "%~2" ^| findstr /r /c:"^[0-9][0-9]* "') do if not "%%n"=="0" exit /b 1
exit /b 0

:build
where mvn >nul 2>&1 || (
  echo everbearer: Building needs Maven ^(mvn^), and it is not on PATH. Install it: https://maven.apache.org/install.html 1>&2
  exit /b 1
)
for %%h in ("%java%\..\..") do set "JAVA_HOME=%%~fh"
if not exist "%JAVA_HOME%\bin\javac.exe" (
  echo everbearer: Building needs a JDK, and %JAVA_HOME% is a Java without a compiler. Set JAVA_HOME to a JDK 17 or newer. 1>&2
  exit /b 1
)
echo everbearer: Building ^(the first time this also downloads libraries^) ... 1>&2
if exist "%cache%" rmdir /s /q "%cache%"
mkdir "%cache%\lib" "%cache%\demo" "%cache%\fleet" "%sources%"
for %%m in (%modules%) do call :copy_module "%%m"
pushd "%sources%"
call mvn -B -ntp -pl cli,demo,fleet -am -P "!static-checks" -Dmaven.test.skip=true -Djacoco.skip=true ^
  -Denforcer.skip=true -DincludeScope=runtime package dependency:copy-dependencies >"%cache%\build.log" 2>&1 <nul
set "status=%errorlevel%"
popd
if not "%status%"=="0" (
  echo everbearer: The build failed. What it says: 1>&2
  findstr /b /c:"[ERROR]" "%cache%\build.log" 1>&2
  echo everbearer: The whole log is in %cache%\build.log 1>&2
  exit /b 1
)
copy /y "%sources%\cli\target\everbearer-cli-*.jar" "%cache%\lib" >nul
copy /y "%sources%\cli\target\dependency\*.jar" "%cache%\lib" >nul
copy /y "%sources%\demo\target\everbearer-demo-*.jar" "%cache%\demo" >nul
copy /y "%sources%\demo\target\dependency\*.jar" "%cache%\demo" >nul
copy /y "%sources%\fleet\target\everbearer-fleet-*.jar" "%cache%\fleet" >nul
copy /y "%sources%\fleet\target\dependency\*.jar" "%cache%\fleet" >nul
echo built>"%cache%\built"
echo everbearer: Built. 1>&2
exit /b 0

:copy_module
if not exist "%root%\%~1\pom.xml" exit /b 0
xcopy /i /q /y "%root%\%~1\pom.xml" "%sources%\%~1\" >nul
if exist "%root%\%~1\src\main" xcopy /i /q /s /y "%root%\%~1\src\main" "%sources%\%~1\src\main" >nul
exit /b 0
